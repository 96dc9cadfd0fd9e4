import { derive, log, ofType, span } from '../../testing/span-builder.ts';

const INPUT = [{ role: 'user', parts: [{ type: 'text', content: 'find the price' }] }];
const OUTPUT = [
  {
    role: 'assistant',
    parts: [
      { type: 'text', content: 'it is 399' },
      { type: 'tool_call', id: 'c1', name: 'search', arguments: { model: '13' } },
    ],
    finish_reason: 'tool_use',
  },
];
const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'qwen3' };

const details = (values: Record<string, unknown>) => ({
  name: 'gen_ai.client.inference.operation.details',
  attributes: values,
});

/** The same exchange in every form that agents send today. */
const FORMS: [string, () => ReturnType<typeof derive>][] = [
  [
    'span attributes',
    () =>
      derive([
        span({
          id: 'm',
          parent: 'a',
          attributes: {
            ...CHAT,
            'gen_ai.input.messages': JSON.stringify(INPUT),
            'gen_ai.output.messages': JSON.stringify(OUTPUT),
          },
        }),
      ]),
  ],
  [
    'one span event a message',
    () =>
      derive([
        span({
          id: 'm',
          parent: 'a',
          attributes: CHAT,
          events: [
            { name: 'gen_ai.user.message', attributes: { content: JSON.stringify([{ text: 'find the price' }]) } },
            {
              name: 'gen_ai.choice',
              attributes: {
                finish_reason: 'tool_use',
                message: JSON.stringify([
                  { text: 'it is 399' },
                  { toolUse: { toolUseId: 'c1', name: 'search', input: { model: '13' } } },
                ]),
              },
            },
          ],
        }),
      ]),
  ],
  [
    'details events that carry a part each',
    () =>
      derive([
        span({
          id: 'm',
          parent: 'a',
          attributes: CHAT,
          events: [
            details({ 'gen_ai.input.messages': JSON.stringify(INPUT) }),
            details({ 'gen_ai.output.messages': JSON.stringify(OUTPUT) }),
          ],
        }),
      ]),
  ],
  [
    'two details log records of one call',
    () => {
      const model = span({ id: 'm', parent: 'a', attributes: CHAT });
      const record = (values: Record<string, unknown>) =>
        log({
          traceId: model.traceId,
          spanId: model.spanId,
          eventName: 'gen_ai.client.inference.operation.details',
          values,
        });
      return derive(
        [model],
        [
          record({ 'gen_ai.input.messages': JSON.stringify(INPUT) }),
          record({ 'gen_ai.output.messages': JSON.stringify(OUTPUT) }),
        ],
      );
    },
  ],
];

test.each(FORMS)('a model call told by %s has its prompt, answer and tool call', (_form, derived) => {
  const derivation = derived();

  expect(ofType(derivation, 'user_input')).toMatchObject([{ summary: 'find the price' }]);
  const [request] = ofType(derivation, 'model_request');
  const [response] = ofType(derivation, 'model_response');
  expect(JSON.stringify(request?.content())).toContain('find the price');
  expect(JSON.stringify(response?.content())).toContain('it is 399');
  expect(response).toMatchObject({ status: 'completed', model: 'qwen3' });
  expect(ofType(derivation, 'tool_call')).toMatchObject([{ tool: 'search', status: 'in_progress' }]);
  expect(ofType(derivation, 'error')).toEqual([]);
});
