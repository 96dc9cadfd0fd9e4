import type { EventContent } from '@signalbox/event-model';
import type { Derivation } from '../../derivation.ts';
import { derive, ofType, span } from '../../testing/span-builder.ts';

const kind = (name: string, extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  'openinference.span.kind': name,
  ...extra,
});
const metadata = (node: string): string =>
  JSON.stringify({ thread_id: 't1', langgraph_node: node, langgraph_step: 1, langgraph_checkpoint_ns: `${node}:1` });
const toolMessage = (content: string, status: string): string =>
  JSON.stringify({ type: 'tool', data: { content, name: 'get_weather', tool_call_id: 'c1', status, type: 'tool' } });

function contents(derived: Derivation, type: string): EventContent[] {
  return ofType(derived, type).map(({ content }) => content());
}

function interrupted(message: string): ReturnType<typeof derive> {
  return derive([
    span({ id: 'root', to: 10, attributes: kind('CHAIN') }),
    span({
      id: 'publish',
      parent: 'root',
      to: 9,
      attributes: kind('CHAIN', { metadata: metadata('publish') }),
      events: [
        {
          name: 'exception',
          attributes: { 'exception.type': 'langgraph.errors.GraphInterrupt', 'exception.message': message },
        },
      ],
    }),
  ]);
}

describe('what OpenInference sends from Python', () => {
  it('reads a tool message in its dump form', () => {
    const derived = derive([
      span({ id: 'a', to: 10, attributes: kind('AGENT') }),
      span({
        id: 't',
        parent: 'a',
        attributes: kind('TOOL', { 'output.value': toolMessage('21 degrees', 'success') }),
      }),
    ]);
    expect(contents(derived, 'tool_result')).toEqual([
      { kind: 'tool_result', callId: 'c1', result: { kind: 'text', text: '21 degrees' }, error: null },
    ]);
  });

  it('reads a failure from a tool message in its dump form', () => {
    const derived = derive([
      span({ id: 'a', to: 10, attributes: kind('AGENT') }),
      span({ id: 't', parent: 'a', attributes: kind('TOOL', { 'output.value': toolMessage('no station', 'error') }) }),
    ]);
    expect(contents(derived, 'error')).toMatchObject([{ message: 'no station' }]);
  });

  it('reads the question of an interrupt from its repr', () => {
    const derived = interrupted(
      `(Interrupt(value={'action': 'publish_report', 'args': {'path': "it's.md", 'copies': 2}, 'risk': 'high', 'reason': None}, id='i1', response_schema=None),)`,
    );
    expect(contents(derived, 'approval_request')).toMatchObject([
      {
        approval: {
          action: 'publish_report',
          arguments: { kind: 'json', value: { path: "it's.md", copies: 2 } },
          risk: 'high',
          reason: null,
        },
        correlationKey: 'interrupt:i1',
      },
    ]);
  });

  it('reads every action the human-in-the-loop middleware asks about, and every interrupt', () => {
    const review = `{'action_requests': [{'name': 'publish', 'args': {'n': 1}, 'description': 'Tool\\nArgs'}], 'review_configs': [{'action_name': 'publish', 'allowed_decisions': ['approve', 'reject']}]}`;
    const derived = interrupted(`(Interrupt(value=${review}, id='i1'), Interrupt(value='Go on?', id="i2"))`);
    const approvals = contents(derived, 'approval_request')
      .map((content) => 'approval' in content && content.approval)
      .reverse();
    expect(approvals).toMatchObject([
      { action: 'publish', question: 'Tool\nArgs', allowedDecisions: ['approve', 'reject'] },
      { action: 'input', question: 'Go on?' },
    ]);
  });

  it('keeps the text of an interrupt whose value is an object of a class', () => {
    const derived = interrupted(`(Interrupt(value=Ask(action='publish'), id='i1'),)`);
    expect(contents(derived, 'approval_request')).toMatchObject([
      { approval: { action: 'input', arguments: { kind: 'text' } }, correlationKey: 'interrupt:i1' },
    ]);
  });

  it('takes the words of a user from a pair of role and text', () => {
    const input = JSON.stringify({ messages: [['user', 'What is the weather?']] });
    const derived = derive([span({ id: 'root', name: 'graph', attributes: kind('CHAIN', { 'input.value': input }) })]);
    expect(ofType(derived, 'user_input')).toMatchObject([{ summary: 'What is the weather?' }]);
  });

  it('names the argument of a call it stripped to its value', () => {
    const proposed = {
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'get_weather',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"city": "Lisbon"}',
    };
    const ran = { 'tool.name': 'get_weather', 'input.value': 'Lisbon', 'output.value': toolMessage('21', 'success') };
    const derived = derive([
      span({ id: 'a', to: 10, attributes: kind('AGENT') }),
      span({ id: 'm', parent: 'a', to: 2, attributes: kind('LLM', { 'llm.model_name': 'm1', ...proposed }) }),
      span({ id: 't', parent: 'a', from: 3, to: 4, attributes: kind('TOOL', ran) }),
    ]);
    expect(contents(derived, 'tool_call')).toMatchObject([
      { callId: 'c1', arguments: { kind: 'json', value: { city: 'Lisbon' } } },
    ]);
  });

  it('reads one decision for every interrupt a resume answers by its id', () => {
    const [first, second] = ['0'.repeat(32), '1'.repeat(32)];
    const resume = { [first]: { approved: true }, [second]: { decisions: [{ type: 'reject' }] } };
    const input = JSON.stringify({ graph: null, update: null, resume, goto: [] });
    const derived = derive([span({ id: 'root', name: 'graph', attributes: kind('CHAIN', { 'input.value': input }) })]);
    expect(contents(derived, 'approval_decision')).toMatchObject([
      { decision: 'approve', correlationKey: `interrupt:${first}` },
      { decision: 'reject', correlationKey: `interrupt:${second}` },
    ]);
  });
});
