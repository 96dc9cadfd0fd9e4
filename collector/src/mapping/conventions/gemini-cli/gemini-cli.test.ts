import { at, derive, log, ofType, span } from '../../testing/span-builder.ts';
import { traceKeyOf } from '../../trace-key.ts';

const said = (event: string, ms: number, values: Record<string, unknown>) =>
  log({
    traceId: null,
    eventName: `gemini_cli.${event}`,
    timeNs: at(ms),
    values: { 'session.id': 's1', 'event.name': `gemini_cli.${event}`, model: 'gemini', ...values },
  });
const turn = [
  said('user_prompt', 0, { prompt: 'go', prompt_length: '2' }),
  said('api_request', 10, { request_text: '[{"role":"user","parts":[{"text":"go"}]}]' }),
  said('api_response', 50, { duration_ms: '40', input_token_count: '7', response_text: 'hi' }),
];

test('logs alone tell prompt, call and answer', () => {
  const derivation = derive([], turn);

  expect(ofType(derivation, 'user_input')).toMatchObject([{ summary: 'go' }]);
  expect(ofType(derivation, 'model_request')).toMatchObject([{ summary: 'go', actor: { name: 'gemini-cli' } }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([{ summary: 'hi', usage: { input: 7 } }]);
  expect(derivation.run).toMatchObject({ status: 'completed', sessionId: 's1' });
  expect(new Set(turn.map(traceKeyOf)).size).toBe(1);
});

test('a request without its answer is in progress under the same id', () => {
  const open = ofType(derive([], turn.slice(0, 2)), 'model_request');

  expect(open).toMatchObject([{ status: 'in_progress' }]);
  expect(ofType(derive([], turn), 'model_request')[0]?.id).toBe(open[0]?.id);
});

test('the span of a call in a trace of its own takes the place of its logs', () => {
  const call = span({
    id: 'm',
    scope: 'gemini-cli',
    name: 'llm_call',
    trace: 'b'.repeat(32),
    from: 10,
    to: 51,
    attributes: { 'session.id': 's1', 'gen_ai.request.model': 'gemini' },
  });
  const traced = derive([call]);

  expect(ofType(traced, 'model_response')).toHaveLength(1);
  expect(ofType(derive([], turn, traced.offers), 'model_request')).toEqual([]);
  expect(ofType(derive([], turn, traced.offers), 'user_input')).toHaveLength(1);
});

test.each([
  ['auto_accept', 'system', 'completed', 1],
  ['accept', 'user', 'completed', 1],
  ['reject', 'user', 'rejected', 0],
])('a tool call with decision %s', (decision, kind, status, results) => {
  const derivation = derive(
    [],
    [
      said('tool_call', 30, {
        function_name: 'look',
        function_args: '{"q":1}',
        duration_ms: 5,
        success: decision === 'reject' ? 'false' : 'true',
        decision,
      }),
    ],
  );

  expect(ofType(derivation, 'tool_call')).toMatchObject([{ summary: 'look {"q":1}', status }]);
  expect(ofType(derivation, 'tool_result')).toHaveLength(results);
  expect(ofType(derivation, 'approval_decision')).toMatchObject([{ actor: { kind }, status }]);
  expect(ofType(derivation, 'error')).toEqual([]);
});

test('a failed call and a failed tool are an error each', () => {
  const derivation = derive(
    [],
    [
      said('api_error', 20, { 'error.message': 'quota', duration_ms: 3 }),
      said('tool_call', 30, { function_name: 'look', success: false, error: 'boom' }),
    ],
  );

  expect(ofType(derivation, 'error').map(({ summary }) => summary)).toEqual(['quota', 'boom']);
  expect(ofType(derivation, 'model_response')).toEqual([]);
});

test('other spans of the program give no event', () => {
  expect(
    derive([
      span({
        id: 'x',
        scope: 'gemini-cli',
        name: 'schedule_tool_calls',
        attributes: { 'gen_ai.operation.name': 'schedule_tool_calls' },
      }),
    ]).events,
  ).toEqual([]);
});
