import type { EventContent, EventDetail, EventRow } from '@signalbox/event-model';

/** Run every made-up event belongs to. */
export const RUN_ID = '0af76519-16cd-43dd-8448-eb211c80319c';

const START = Date.now() - 120_000;

/** What differs from event to event. */
export interface Made {
  id: string;
  type: string;
  atMs: number;
  durationMs?: number | null;
  actor?: string;
  status?: EventRow['status'];
  summary: string;
  extra?: Partial<EventRow>;
  content?: EventContent;
}

/** Makes one event with its bodies; `atMs` counts from the start of the run. */
export function makeEvent(made: Made): EventDetail {
  const startedAt = START + made.atMs;
  const duration = made.durationMs ?? null;
  return {
    id: made.id,
    runId: RUN_ID,
    sessionId: 'sess-42',
    workflow: 'price-compare',
    traceId: RUN_ID.replaceAll('-', ''),
    spanId: 'b7ad6b7169203331',
    parentId: null,
    type: made.type,
    actor: { kind: made.actor === 'User' ? 'user' : 'agent', name: made.actor ?? 'Planner' },
    target: null,
    status: made.status ?? 'completed',
    startedAt: nanos(startedAt),
    endedAt: duration === null ? null : nanos(startedAt + duration),
    receivedAt: new Date(startedAt + (duration ?? 0) + 40).toISOString(),
    revision: 1,
    summary: made.summary,
    model: null,
    tool: null,
    usage: null,
    source: { convention: 'openinference', basis: 'declared' },
    content: made.content ?? { kind: 'generic', fields: { note: made.summary } },
    ...made.extra,
  };
}

function nanos(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000000Z`;
}

/** A run with one of everything the detail view knows. */
export function sampleRun(): EventDetail[] {
  return [...beginning(), ...middle(), ...ending()];
}

function beginning(): EventDetail[] {
  const model = { model: 'qwen3-coder:30b' };
  return [
    makeEvent({
      id: 'e01',
      type: 'user_input',
      atMs: 0,
      durationMs: 0,
      actor: 'User',
      summary: 'Find and compare all prices for iPhone 13 to 15 and publish a report',
      content: {
        kind: 'user_input',
        text: { kind: 'text', text: 'Find and compare all prices for iPhone 13 to 15 and publish a report' },
      },
    }),
    makeEvent({
      id: 'e02',
      type: 'agent_started',
      atMs: 12,
      durationMs: 0,
      summary: 'Planner started',
      content: { kind: 'lifecycle', input: { kind: 'text', text: 'Find and compare' }, output: null },
    }),
    makeEvent({
      id: 'e03',
      type: 'model_request',
      atMs: 366,
      durationMs: 3122,
      summary: 'system 1.2 k · history 0 · 2 tools offered',
      extra: { ...model, usage: { input: 1240, output: 212 }, target: { kind: 'model', name: 'qwen3-coder:30b' } },
      content: REQUEST,
    }),
    makeEvent({
      id: 'e04',
      type: 'model_response',
      atMs: 3488,
      durationMs: 0,
      summary: 'I will make a plan first: find sources, collect prices, publish.',
      extra: { ...model, usage: { input: 1240, output: 212 } },
      content: RESPONSE,
    }),
    makeEvent({
      id: 'e05',
      type: 'plan_update',
      atMs: 3602,
      durationMs: 0,
      summary: '+4 tasks',
      content: {
        kind: 'plan_update',
        items: [
          { id: 'p1', text: 'Find sources', status: 'in_progress' },
          { id: 'p2', text: 'Collect prices', status: 'pending' },
          { id: 'p3', text: 'Publish report', status: 'pending' },
          { id: 'p4', text: 'Tell the user', status: 'pending' },
        ],
        change: { added: ['p1', 'p2', 'p3', 'p4'], removed: [], changed: [] },
        reason: null,
        reasonBasis: null,
      },
    }),
  ];
}

function middle(): EventDetail[] {
  return [
    makeEvent({
      id: 'e06',
      type: 'tool_call',
      atMs: 4011,
      durationMs: 820,
      actor: 'Coder',
      summary: 'search_prices({"query":"iPhone 13","api_key":"[redacted:api-key:a1b2c3]"})',
      extra: { tool: 'search_prices' },
      content: {
        kind: 'tool_call',
        callId: 'c1',
        arguments: {
          kind: 'json',
          value: { query: 'iPhone 13', limit: 20, exact: true, region: null, api_key: '[redacted:api-key:a1b2c3]' },
        },
        description: 'Searches shops for offers',
      },
    }),
    makeEvent({
      id: 'e07',
      type: 'tool_result',
      atMs: 4831,
      durationMs: 0,
      actor: 'search_prices',
      summary: '14 offers from 3 shops',
      extra: { tool: 'search_prices' },
      content: {
        kind: 'tool_result',
        callId: 'c1',
        result: {
          kind: 'truncated',
          text: 'shop.example 579 EUR\nstore.example 585 EUR\n',
          bytes: 2_100_000,
          part: 'result',
        },
        error: null,
      },
    }),
    makeEvent({
      id: 'e08',
      type: 'error',
      atMs: 9870,
      durationMs: 1900,
      actor: 'fetch_page',
      status: 'error',
      summary: 'HTTP 403 from shop.example: blocked by robots policy',
      extra: { tool: 'fetch_page' },
      content: {
        kind: 'error',
        message: 'HTTP 403 from shop.example: blocked by robots policy',
        errorType: 'HttpError',
        stack: 'HttpError: HTTP 403\n    at fetchPage (fetch.ts:41:9)\n    at run (agent.ts:120:5)',
      },
    }),
    makeEvent({
      id: 'e09',
      type: 'plan_update',
      atMs: 11_214,
      durationMs: 0,
      summary: '+1 “Use proxy” · because: HTTP 403 from shop.example',
      content: {
        kind: 'plan_update',
        items: [
          { id: 'p1', text: 'Find sources', status: 'completed' },
          { id: 'p5', text: 'Use proxy', status: 'pending' },
          { id: 'p3', text: 'Publish report', status: 'pending' },
        ],
        change: { added: ['p5'], removed: ['p2'], changed: ['p1'] },
        reason: 'HTTP 403 from shop.example',
        reasonBasis: 'inferred',
      },
    }),
    makeEvent({
      id: 'e10',
      type: 'quantum_leap',
      atMs: 12_000,
      durationMs: 5,
      summary: 'A type this plugin has never heard of',
      content: { kind: 'generic', fields: { answer: 42 } },
    }),
  ];
}

function ending(): EventDetail[] {
  return [
    makeEvent({
      id: 'e11',
      type: 'model_response',
      atMs: 30_650,
      durationMs: 4400,
      actor: 'Coder',
      summary: 'I have the prices. Publishing the report needs your approval.',
      extra: { model: 'qwen3-coder:30b', usage: { input: 18_400, output: 902 } },
      content: { kind: 'model_response', messages: [], finishReason: 'stop', responseId: null, notCaptured: true },
    }),
    makeEvent({
      id: 'e12',
      type: 'approval_request',
      atMs: 35_001,
      actor: 'Coder',
      status: 'waiting',
      summary: 'publish_report → reports/iphone.md',
      extra: { tool: 'publish_report' },
      content: {
        kind: 'approval_request',
        approval: {
          action: 'publish_report',
          arguments: { kind: 'json', value: { path: 'reports/iphone.md', audience: 'public' } },
          question: 'Publish report to the public site',
          allowedDecisions: ['approve', 'reject'],
          reason: null,
          risk: 'medium',
          expiresAt: null,
        },
        correlationKey: null,
      },
    }),
    makeEvent({
      id: 'e13',
      type: 'model_request',
      atMs: 36_420,
      actor: 'Validator',
      status: 'in_progress',
      summary: 'checking 14 offers against the schema',
      extra: { model: 'qwen3-coder:30b' },
      content: REQUEST,
    }),
  ];
}

const REQUEST: EventContent = {
  kind: 'model_request',
  provider: 'ollama',
  parameters: { temperature: 0, num_ctx: 32_768 },
  messages: [
    {
      role: 'system',
      name: null,
      parts: [{ kind: 'content', content: { kind: 'text', text: 'You are a careful planner.' } }],
    },
    { role: 'user', name: null, parts: [{ kind: 'content', content: { kind: 'text', text: 'Earlier question' } }] },
    {
      role: 'user',
      name: null,
      parts: [{ kind: 'content', content: { kind: 'text', text: 'Find and compare all prices for iPhone 13 to 15' } }],
    },
  ],
  tools: [{ name: 'search_prices', description: 'Searches shops', schema: { type: 'object' } }],
  notCaptured: false,
};

/** What a hostile model might answer; nothing of it may run or call home. */
export const HOSTILE = [
  '**Bold** [link](https://example.com) [bad](javascript:alert(1))',
  '<img src="/api/status?stolen" onerror="window.hacked=1"><button style="position:fixed" class="x">Approve</button>',
  '<script>window.hacked=1</script>',
].join('\n\n');

const RESPONSE: EventContent = {
  kind: 'model_response',
  messages: [
    {
      role: 'assistant',
      name: null,
      parts: [
        { kind: 'reasoning', content: { kind: 'text', text: 'The user wants prices.' } },
        { kind: 'content', content: { kind: 'text', text: HOSTILE } },
        {
          kind: 'tool_call',
          callId: 'c1',
          tool: 'search_prices',
          arguments: { kind: 'json', value: { query: 'iPhone 13' } },
        },
        { kind: 'content', content: { kind: 'binary', mediaType: 'image/png', bytes: 340_000 } },
      ],
    },
  ],
  finishReason: 'tool_calls',
  responseId: 'r-1',
  notCaptured: false,
};
