import { randomBytes } from 'node:crypto';

const PROSE = readableText(4000);

function readableText(characters: number): string {
  const words =
    'the agent looked up the price of every phone in the shop and wrote the result into the report for the customer who asked '.split(
      ' ',
    );
  let text = '';
  for (let at = 0; text.length < characters; at++) text += `${words[(at * 7 + (at >> 3)) % words.length]} `;
  return text;
}

/** OTLP/JSON of one request: `traces` runs of a model call and a tool call under one agent, each prompt `bytes` long. */
export function agentRequest(traces: number, bytes: number): { body: string; spans: number; traceIds: string[] } {
  const traceIds = Array.from({ length: traces }, () => randomBytes(16).toString('hex'));
  const spans = traceIds.flatMap((traceId) => agentTrace(traceId, bytes));
  const resource = { attributes: [text('service.name', 'bench')] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'bench' }, spans }] }] });
  return { body, spans: spans.length, traceIds };
}

function agentTrace(traceId: string, bytes: number): Record<string, unknown>[] {
  const agent = randomBytes(8).toString('hex');
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = (name: string, parentSpanId: string, spanId: string, attributes: unknown[]) => ({
    traceId,
    spanId,
    ...(parentSpanId ? { parentSpanId } : {}),
    name,
    kind: 1,
    startTimeUnixNano: String(now - 50_000_000n),
    endTimeUnixNano: String(now),
    attributes,
    status: { code: 1 },
  });
  const callId = `call_${randomBytes(4).toString('hex')}`;
  const prompt = [
    { role: 'user', parts: [{ type: 'text', content: PROSE.slice(0, bytes - 8) + randomBytes(4).toString('hex') }] },
  ];
  const answer = [
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: callId, name: 'search', arguments: { q: 'phone' } }],
      finish_reason: 'tool_calls',
    },
  ];
  return [
    span('chat qwen', agent, randomBytes(8).toString('hex'), [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', 'ollama'),
      text('gen_ai.request.model', 'qwen3'),
      text('gen_ai.response.model', 'qwen3'),
      text('gen_ai.input.messages', JSON.stringify(prompt)),
      text('gen_ai.output.messages', JSON.stringify(answer)),
      integer('gen_ai.usage.input_tokens', 120),
      integer('gen_ai.usage.output_tokens', 24),
    ]),
    span('execute_tool search', agent, randomBytes(8).toString('hex'), [
      text('gen_ai.operation.name', 'execute_tool'),
      text('gen_ai.tool.name', 'search'),
      text('gen_ai.tool.call.id', callId),
      text('gen_ai.tool.call.arguments', '{"q":"phone"}'),
      text('gen_ai.tool.call.result', '{"price":399}'),
    ]),
    span('invoke_agent shopper', '', agent, [
      text('gen_ai.operation.name', 'invoke_agent'),
      text('gen_ai.agent.name', 'shopper'),
    ]),
  ];
}

function text(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

function integer(key: string, value: number) {
  return { key, value: { intValue: String(value) } };
}
