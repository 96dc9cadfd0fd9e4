import type { Item } from './mapping-driver.ts';
import { agentStream } from './stream-builder.ts';

const PLAN = [{ id: '1', text: 'search', status: 'pending' }];

/** An agent that streams a whole run, asks a person, and is resumed in another trace; beside it an agent of its own. */
export const STREAM_SCENARIO: Item[] = [
  ...agentStream([
    { type: 'RUN_STARTED', runId: 'r1', threadId: 't', input: { messages: [{ role: 'user', content: 'go' }] } },
    { type: 'STEP_STARTED', stepName: 'plan' },
    { type: 'STATE_SNAPSHOT', snapshot: { todos: PLAN } },
    { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/todos/0/status', value: 'completed' }] },
    { type: 'STEP_FINISHED', stepName: 'plan' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 'x', delta: 'hmm' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'one ' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'two' },
    { type: 'TEXT_MESSAGE_END', messageId: 'm' },
    { type: 'TOOL_CALL_START', toolCallId: 'look-1', toolCallName: 'look' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'look-1', delta: '{"q":1}' },
    { type: 'TOOL_CALL_END', toolCallId: 'look-1' },
    { type: 'TOOL_CALL_RESULT', toolCallId: 'look-1', messageId: 'y', content: 'found' },
    { type: 'STEP_STARTED', stepName: 'publish' },
    { type: 'TOOL_CALL_START', toolCallId: 'pub-1', toolCallName: 'publish' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'pub-1', delta: '{"to":"all"}' },
    {
      type: 'RUN_FINISHED',
      runId: 'r1',
      threadId: 't',
      outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'tool_call', toolCallId: 'pub-1' }] },
    },
  ]),
  ...agentStream(
    [
      {
        type: 'RUN_STARTED',
        runId: 'r2',
        threadId: 't',
        input: {
          messages: [
            {
              role: 'assistant',
              toolCalls: [{ id: 'pub-1', function: { name: 'publish', arguments: '{"to":"all"}' } }],
            },
          ],
          resume: [{ interruptId: 'i', status: 'resolved', payload: { approved: true } }],
        },
      },
      { type: 'TOOL_CALL_RESULT', toolCallId: 'pub-1', messageId: 'z', content: 'done' },
      { type: 'CUSTOM', name: 'signalbox.plan.set', value: { items: [...PLAN, { id: '2', text: 'more' }] } },
      { type: 'RUN_FINISHED', runId: 'r2', threadId: 't' },
    ],
    { run: 'r2', from: 100 },
  ),
  ...agentStream(
    [
      { type: 'RUN_STARTED', runId: 'r1', threadId: 't' },
      { type: 'CUSTOM', name: 'on_interrupt', value: [{ value: { action: 'delete', args: { id: 1 } } }] },
      { type: 'RUN_ERROR', message: 'boom' },
    ],
    { agent: 'tester', from: 4 },
  ),
].map((log) => ({ log }));
