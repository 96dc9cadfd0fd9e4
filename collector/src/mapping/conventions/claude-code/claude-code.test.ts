import { readFixture } from '../../testing/fixtures.ts';
import { itemsOf, MappingDriver } from '../../testing/mapping-driver.ts';
import { at, derive, log, ofType, span } from '../../testing/span-builder.ts';
import { traceKeyOf } from '../../trace-key.ts';

type Sketch = Parameters<typeof span>[0];
const claude = (type: string, sketch: Sketch) =>
  span({
    ...sketch,
    scope: 'com.anthropic.claude_code.tracing',
    attributes: { 'span.type': type, 'session.id': 's1', ...sketch.attributes },
  });
const said = (event: string, ms: number, values: Record<string, unknown>) =>
  log({
    content: `claude_code.${event}`,
    timeNs: at(ms),
    values: { 'event.name': event, 'session.id': 's1', 'prompt.id': 'p1', ...values },
  });
const turn = claude('interaction', { id: 'turn', to: 100, attributes: { user_prompt: 'hello' } });
const tool = (more: Partial<Sketch> = {}) =>
  claude('tool', {
    id: 'tool',
    parent: 'turn',
    from: 10,
    to: 40,
    attributes: { tool_name: 'Bash', tool_use_id: 'tu1' },
    ...more,
  });
const blocked = (values: Record<string, unknown>) =>
  claude('tool.blocked_on_user', { id: 'wait', parent: 'tool', from: 11, to: 20, attributes: values });

test('logs alone tell the same turn', () => {
  const driver = new MappingDriver();
  const logs = itemsOf(readFixture('claude-code')).flatMap((item) =>
    'log' in item ? [{ log: { ...item.log, traceId: null, spanId: null } }] : [],
  );
  driver.add(logs);
  const count = (type: string, status?: string): number =>
    driver.events().filter((event) => event.type === type && (status === undefined || event.status === status)).length;

  expect(driver.derivations()).toHaveLength(2);
  expect({
    inputs: count('user_input'),
    requests: count('model_request'),
    responses: count('model_response'),
    calls: count('tool_call'),
    results: [count('tool_result', 'completed'), count('tool_result', 'error')],
    decisions: count('approval_decision'),
    errors: count('error'),
    rejected: count('tool_call', 'rejected'),
  }).toEqual({ inputs: 1, requests: 8, responses: 8, calls: 5, results: [3, 1], decisions: 5, errors: 1, rejected: 1 });
  expect(
    driver
      .events()
      .filter(({ type }) => type === 'agent_started')
      .map(({ actor }) => actor.name),
  ).toEqual(['sub-agent a6cabca84cd2cc26b (general-purpose)']);
});

test('records without a trace are one run a prompt', () => {
  const one = { ...said('user_prompt', 0, {}), traceId: null };

  expect(traceKeyOf({ ...said('tool_result', 5, {}), traceId: null })).toBe(traceKeyOf(one));
  expect(traceKeyOf({ ...said('user_prompt', 9, { 'prompt.id': 'p2' }), traceId: null })).not.toBe(traceKeyOf(one));
});

test('arguments and answers come from the logs, tokens as text', () => {
  const request = claude('llm_request', {
    id: 'llm',
    parent: 'turn',
    from: 50,
    to: 60,
    attributes: { model: 'opus', input_tokens: '29', success: 'true' },
  });
  const derivation = derive(
    [turn, tool(), request],
    [
      said('tool_result', 41, {
        tool_use_id: 'tu1',
        tool_name: 'Bash',
        success: 'true',
        tool_input: '{"command":"ls"}',
      }),
      said('api_request', 61, { model: 'opus', input_tokens: '29' }),
      said('assistant_response', 61, { response: 'done' }),
    ],
  );

  expect(ofType(derivation, 'tool_call')).toMatchObject([{ summary: 'Bash {"command":"ls"}', spanId: 'tool' }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([
    { summary: 'done', usage: { input: 29 }, spanId: 'llm' },
  ]);
});

test('a rule’s decision asks nobody', () => {
  const derivation = derive(
    [turn, tool(), blocked({ decision: 'accept', source: 'config' })],
    [said('tool_decision', 20, { tool_use_id: 'tu1', decision: 'accept', source: 'config' })],
  );

  expect(ofType(derivation, 'approval_request')).toEqual([]);
  expect(ofType(derivation, 'approval_decision')).toMatchObject([{ actor: { kind: 'system' }, status: 'completed' }]);
});

test.each([
  ['accept', 'user_temporary', 'completed', 'completed'],
  ['reject', 'user_reject', 'rejected', 'rejected'],
])('a person’s %s answers a request', (decision, source, answer, call) => {
  const derivation = derive([turn, tool(), blocked({ decision, source })]);

  expect(ofType(derivation, 'approval_request')).toMatchObject([{ status: answer, tool: 'Bash' }]);
  expect(ofType(derivation, 'approval_decision')).toMatchObject([{ status: answer, actor: { kind: 'user' } }]);
  expect(ofType(derivation, 'tool_call')).toMatchObject([{ status: call }]);
  expect(ofType(derivation, 'tool_result')).toHaveLength(call === 'rejected' ? 0 : 1);
});

test('a failed request is an error and no response', () => {
  const request = claude('llm_request', {
    id: 'llm',
    parent: 'turn',
    from: 50,
    to: 60,
    attributes: { model: 'opus', success: 'false', error: 'overloaded', agent_id: undefined },
  });
  const derivation = derive(
    [turn, request],
    [said('api_error', 60, { model: 'opus', error: 'overloaded', status_code: '529' })],
  );

  expect(ofType(derivation, 'error')).toMatchObject([{ summary: 'overloaded' }]);
  expect(ofType(derivation, 'model_request')).toMatchObject([{ status: 'error' }]);
  expect(ofType(derivation, 'model_response')).toEqual([]);
});

test('a prompt kept private is a user input without its words', () => {
  const derivation = derive(
    [claude('interaction', { id: 'turn', attributes: { user_prompt: '<REDACTED>', user_prompt_length: 5 } })],
    [{ ...said('user_prompt', 1, { prompt: '<REDACTED>' }), spanId: 'turn' }],
  );

  expect(ofType(derivation, 'user_input')).toHaveLength(1);
  expect(ofType(derivation, 'user_input')[0]?.content()).toMatchObject({ text: { kind: 'not_captured' } });
});
