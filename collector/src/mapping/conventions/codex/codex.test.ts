import { at, derive, log, ofType, span } from '../../testing/span-builder.ts';

const said = (event: string, ms: number, values: Record<string, unknown>) =>
  log({
    traceId: null,
    eventName: 'event otel/src/events.rs:42',
    timeNs: at(ms),
    values: { 'event.name': `codex.${event}`, 'conversation.id': 's1', model: 'gpt-codex', ...values },
  });

test('logs tell prompt, calls, tools and decisions', () => {
  const derivation = derive(
    [],
    [
      said('user_prompt', 0, { prompt: 'go' }),
      said('api_request', 5, { 'http.response.status_code': '200', duration_ms: '4' }),
      said('sse_event', 6, { 'event.kind': 'response.output_text.delta' }),
      said('sse_event', 20, { 'event.kind': 'response.completed', input_token_count: '11', output_token_count: '3' }),
      said('tool_decision', 21, { tool_name: 'shell', call_id: 'c1', decision: 'approved', source: 'Config' }),
      said('tool_result', 30, {
        tool_name: 'shell',
        call_id: 'c1',
        arguments: '{"command":"ls"}',
        success: 'true',
        output: 'file',
        duration_ms: 8,
      }),
    ],
  );

  expect(ofType(derivation, 'user_input')).toMatchObject([{ summary: 'go', sessionId: 's1' }]);
  expect(ofType(derivation, 'model_request')).toMatchObject([{ model: 'gpt-codex', status: 'completed' }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([{ usage: { input: 11, output: 3 } }]);
  expect(ofType(derivation, 'tool_call')).toMatchObject([
    { summary: 'shell {"command":"ls"}', actor: { name: 'codex' } },
  ]);
  expect(ofType(derivation, 'tool_result')).toMatchObject([{ summary: 'file', status: 'completed' }]);
  expect(ofType(derivation, 'approval_decision')).toMatchObject([{ actor: { kind: 'system' } }]);
});

test('a person’s refusal ends the call without a result', () => {
  const derivation = derive(
    [],
    [said('tool_decision', 1, { tool_name: 'shell', call_id: 'c1', decision: 'denied', source: 'User' })],
  );

  expect(ofType(derivation, 'tool_call')).toMatchObject([{ status: 'rejected' }]);
  expect(ofType(derivation, 'approval_decision')).toMatchObject([{ status: 'rejected', actor: { kind: 'user' } }]);
});

test('a failed request and a failed tool are an error each', () => {
  const derivation = derive(
    [],
    [
      said('api_request', 5, { 'http.response.status_code': '429', 'error.message': 'slow down' }),
      said('tool_result', 30, { tool_name: 'shell', call_id: 'c1', success: 'false', output: 'exit 1' }),
    ],
  );

  expect(ofType(derivation, 'error').map(({ summary }) => summary)).toEqual(['slow down', 'exit 1']);
});

test('the program’s own spans are hidden, whatever their status', () => {
  expect(derive([span({ id: 'x', scope: 'codex_core', name: 'run_turn', error: 'x' })]).events).toEqual([]);
});
