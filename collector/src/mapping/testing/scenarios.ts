import { Attributes, type AttributeValue } from '../../telemetry/attributes.ts';
import type { Item } from './mapping-driver.ts';
import { at, log, span } from './span-builder.ts';
import { STREAM_SCENARIO } from './stream-scenario.ts';

type Sketch = Parameters<typeof span>[0];
const SECOND = 'b'.repeat(32);
const PLAN = '[{"id":"1","text":"search","status":"pending"}]';
const TRACES = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
const TODOS = ['pending', 'pending', 'completed'].map(
  (status) => `[{"id":"1","content":"search","status":"${status}"}]`,
);
const DECIDED = { 'gen_ai.tool.name': 'publish', 'gen_ai.tool.call.id': 'c1' };

const one = (sketch: Sketch): Item => ({ span: span(sketch) });
const said = (name: string, ms: number, values: Record<string, unknown>, spanId: string | null = null): Item => ({
  log: log({ eventName: name, timeNs: at(ms), values, spanId }),
});
const typed = (key: string, kind: string, sketch: Sketch): Item =>
  one({ ...sketch, attributes: { [key]: kind, ...sketch.attributes } });
const alone = (item: Item): Item => ('log' in item ? { log: { ...item.log, traceId: null, spanId: null } } : item);

/**
 * Runs made by hand, one a convention without a recording: each has a question to a person
 * and its answer in another trace, or logs that repeat spans.
 */
export const SCENARIOS: Readonly<Record<string, Item[]>> = {
  'ag-ui': STREAM_SCENARIO,
  signalbox: [
    typed('gen_ai.operation.name', 'invoke_agent', { id: 'a', to: 90, attributes: { 'gen_ai.agent.name': 'coder' } }),
    said('signalbox.plan.set', 2, { 'signalbox.plan.items': PLAN }, 'a'),
    said('signalbox.task.added', 3, { 'signalbox.task.text': 'check', 'signalbox.task.note': 'why' }, 'a'),
    said(
      'signalbox.approval.requested',
      4,
      { 'signalbox.approval.id': 'p', 'signalbox.approval.action': 'publish' },
      'a',
    ),
    {
      log: log({
        traceId: SECOND,
        eventName: 'signalbox.approval.decided',
        timeNs: at(9),
        values: { 'signalbox.approval.id': 'p', 'signalbox.approval.decision': 'approve' },
      }),
    },
    said('signalbox.chat.token', 5, {
      'signalbox.chat.message_id': 'm',
      'signalbox.chat.delta': 'a',
      'signalbox.chat.index': 0,
    }),
    said('signalbox.chat.token', 6, {
      'signalbox.chat.message_id': 'm',
      'signalbox.chat.delta': 'b',
      'signalbox.chat.index': 1,
      'signalbox.chat.done': true,
    }),
    said(
      'signalbox.test.completed',
      7,
      { 'signalbox.test.name': 't', 'signalbox.test.passed': 1, 'signalbox.test.failed': 0 },
      'a',
    ),
  ],
  'an agent that changes from run to run': TRACES.flatMap((trace, run): Item[] => [
    typed('gen_ai.operation.name', 'invoke_agent', {
      id: 'a',
      trace,
      from: run * 100,
      to: run * 100 + 90,
      attributes: { 'gen_ai.agent.name': 'coder', 'gen_ai.agent.version': run < 2 ? '1' : '2', 'session.id': 's' },
    }),
    typed('gen_ai.operation.name', 'chat', {
      id: 'm',
      parent: 'a',
      trace,
      from: run * 100 + 1,
      attributes: {
        'gen_ai.input.messages': JSON.stringify([
          { role: 'system', parts: [{ type: 'text', content: run === 0 ? 'Be brief.' : 'Be exact.' }] },
          { role: 'user', parts: [{ type: 'text', content: 'go' }] },
        ]),
      },
    }),
    typed('gen_ai.operation.name', 'execute_tool', {
      id: 't',
      parent: 'a',
      trace,
      from: run * 100 + 10,
      attributes: { 'gen_ai.tool.name': 'write_todos', 'gen_ai.tool.call.arguments': `{"todos":${TODOS[run]}}` },
    }),
  ]),
  strands: [
    typed('gen_ai.operation.name', 'invoke_agent', {
      id: 'a',
      to: 90,
      attributes: { 'gen_ai.agent.name': 'coder', 'gen_ai.response.finish_reasons': '["interrupt"]' },
    }),
    typed('gen_ai.operation.name', 'execute_agent_loop_cycle', {
      id: 'c',
      parent: 'a',
      from: 1,
      to: 80,
      error: 'Interrupt raised: ask',
    }),
    typed('gen_ai.operation.name', 'execute_tool', { id: 't1', parent: 'c', from: 10, attributes: DECIDED }),
    typed('gen_ai.operation.name', 'invoke_agent', {
      id: 'a',
      trace: SECOND,
      from: 100,
      to: 190,
      attributes: { 'gen_ai.agent.name': 'coder' },
    }),
    typed('gen_ai.operation.name', 'execute_tool', {
      id: 't2',
      trace: SECOND,
      parent: 'a',
      from: 110,
      attributes: { ...DECIDED, 'gen_ai.tool.call.result': 'done' },
    }),
  ],
  traceloop: [
    typed('traceloop.span.kind', 'workflow', {
      id: 'w',
      to: 90,
      attributes: {
        'traceloop.entity.name': 'w',
        'traceloop.association.properties.thread_id': 't',
        'traceloop.entity.input': '{"args":["go"]}',
      },
    }),
    typed('traceloop.span.kind', 'task', {
      id: 'n',
      parent: 'w',
      from: 1,
      error: 'GraphInterrupt: [{"id":"i","value":{"action":"publish"}}]',
      attributes: { 'traceloop.association.properties.thread_id': 't' },
    }),
    typed('traceloop.span.kind', 'workflow', {
      id: 'w',
      trace: SECOND,
      from: 100,
      attributes: {
        'traceloop.association.properties.thread_id': 't',
        'traceloop.entity.input': '{"inputs":{"lg_name":"Command","resume":true}}',
      },
    }),
  ],
  langsmith: [
    typed('langsmith.span.kind', 'chain', {
      id: 'r',
      to: 90,
      attributes: { 'gen_ai.prompt': '{"input":"go"}', 'langsmith.metadata.thread_id': 't' },
    }),
    typed('langsmith.span.kind', 'llm', {
      id: 'm',
      parent: 'r',
      from: 1,
      attributes: { 'gen_ai.completion': '{"role":"assistant","content":"hi"}' },
    }),
    typed('langsmith.span.kind', 'tool', {
      id: 't',
      parent: 'r',
      from: 2,
      events: [{ name: 'exception', attributes: { 'exception.message': 'boom' } }],
    }),
  ],
  'google-adk': [
    one({ id: 'i', scope: 'gcp.vertex.agent', name: 'invocation', to: 90 }),
    one({ id: 'a', scope: 'gcp.vertex.agent', name: 'invoke_agent coder', parent: 'i', from: 1, to: 80 }),
    one({
      id: 't',
      scope: 'gcp.vertex.agent',
      name: 'execute_tool publish',
      parent: 'a',
      from: 2,
      attributes: {
        'gen_ai.tool.call.id': 'c1',
        'gcp.vertex.agent.tool_response': '{"error":"requires confirmation"}',
      },
    }),
    one({ id: 'x', scope: 'gcp.vertex.agent', name: 'execute_tool look', parent: 'a', from: 3 }),
    one({
      id: 't2',
      trace: SECOND,
      scope: 'gcp.vertex.agent',
      name: 'execute_tool publish',
      from: 100,
      attributes: { 'gen_ai.tool.call.id': 'c1', 'gcp.vertex.agent.tool_response': '{"result":1}' },
    }),
  ],
  'gemini-cli': [
    one({
      id: 'm',
      trace: SECOND,
      scope: 'gemini-cli',
      name: 'llm_call',
      from: 10,
      to: 50,
      attributes: { 'session.id': 's', 'gen_ai.request.model': 'g' },
    }),
    ...[
      said('gemini_cli.user_prompt', 0, { 'session.id': 's', prompt: 'go' }),
      said('gemini_cli.api_request', 10, { 'session.id': 's', model: 'g' }),
      said('gemini_cli.api_response', 51, { 'session.id': 's', model: 'g', response_text: 'hi' }),
      said('gemini_cli.api_request', 9000, { 'session.id': 's', model: 'g' }),
      said('gemini_cli.api_response', 9050, { 'session.id': 's', model: 'g', duration_ms: 50 }),
      said('gemini_cli.tool_call', 60, { 'session.id': 's', function_name: 'look', decision: 'accept', success: true }),
    ].map(alone),
  ],
  codex: [
    said('x', 0, { 'event.name': 'codex.user_prompt', 'conversation.id': 's', prompt: 'go' }),
    said('x', 5, { 'event.name': 'codex.api_request', 'conversation.id': 's' }),
    said('x', 9, { 'event.name': 'codex.sse_event', 'event.kind': 'response.completed', 'conversation.id': 's' }),
    said('x', 10, {
      'event.name': 'codex.tool_decision',
      tool_name: 'shell',
      call_id: 'c',
      decision: 'approved',
      source: 'User',
      'conversation.id': 's',
    }),
    said('x', 20, {
      'event.name': 'codex.tool_result',
      tool_name: 'shell',
      call_id: 'c',
      success: 'false',
      'conversation.id': 's',
    }),
  ].map(alone),
  'pydantic-ai': [
    one({ id: 'a', scope: 'pydantic-ai', name: 'agent run', to: 90, attributes: { agent_name: 'coder' } }),
    one({
      id: 't',
      scope: 'pydantic-ai',
      name: 'running tool',
      parent: 'a',
      from: 1,
      attributes: { ...DECIDED, 'pydantic_ai.tool.deferral.name': 'ApprovalRequired' },
    }),
    one({
      id: 't2',
      trace: SECOND,
      scope: 'pydantic-ai',
      name: 'running tool',
      from: 100,
      attributes: { ...DECIDED, tool_response: 'done' },
    }),
  ],
  'ms-agent-framework': [
    one({ id: 'w', name: 'workflow.run', to: 90, attributes: { 'workflow.name': 'w' } }),
    one({ id: 'n', name: 'executor.process a', parent: 'w', from: 1, to: 20, error: 'boom' }),
    one({
      id: 's',
      name: 'message.send',
      parent: 'n',
      from: 2,
      attributes: { 'message.source_id': 'a', 'message.target_id': 'b' },
    }),
  ],
};

/** Every attribute name and text of the scenarios, to make garbage of. */
export function scenarioAttributes(): [string, AttributeValue][] {
  return Object.values(SCENARIOS).flatMap((items) =>
    items.flatMap((item) => {
      const attributes = 'span' in item ? item.span.attributes : item.log.attributes;
      return attributes instanceof Attributes ? [...attributes.entries()] : [];
    }),
  );
}
