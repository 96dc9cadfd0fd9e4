import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HttpAgent } from '@ag-ui/client';
import { openStream } from '../src/control/runtimes/ag-ui/agent-connection.ts';
import { ConversationLog } from '../src/control/runtimes/ag-ui/conversation.ts';
import { readProtocolEvent } from '../src/control/runtimes/ag-ui/protocol-events.ts';
import { readEventData } from '../src/control/runtimes/ag-ui/sse-reader.ts';
import { freePort } from '../src/lifecycle/free-port.ts';
import { AgUiTestAgent } from '../src/testing/ag-ui-agent.ts';
import { eventually } from '../src/testing/operator.ts';

/*
 * The agent of these tests is driven by the protocol's own client here: what the collector is tested against is an
 * AG-UI agent, and none that was made to fit the collector.
 */

let agent: AgUiTestAgent;
beforeAll(async () => {
  // The client tells of patches that do not apply.
  jest.spyOn(console, 'warn').mockImplementation();
  agent = await AgUiTestAgent.start();
});
afterAll(() => agent.stop());

const client = (text: string): HttpAgent =>
  new HttpAgent({ url: agent.url, initialMessages: [{ id: 'said', role: 'user', content: text }] });

test('streams text, calls, steps and state', async () => {
  const http = client('talk');

  await http.runAgent();

  expect(http.messages.map(({ role, content }) => [role, content])).toEqual([
    ['user', 'talk'],
    ['assistant', undefined],
    ['tool', '21 degrees'],
    ['assistant', 'It is 21 degrees in Riga.'],
  ]);
  expect(http.state).toEqual({ visits: 1, plan: [{ id: '1', text: 'look', status: 'completed' }] });
});

test('asks two things at once, takes no run that leaves one of them open, and goes on with both answers', async () => {
  const http = client('ask twice');
  await http.runAgent();
  const open = http.pendingInterrupts.map(({ id }) => id);
  const half = { interruptId: 'ask-publish', status: 'resolved', payload: { approved: true } } as const;

  await expect(http.runAgent({ resume: [half] })).rejects.toThrow(/not addressed by resume: ask-delete/);
  await http.runAgent({ resume: [half, { interruptId: 'ask-delete', status: 'cancelled' }] });

  expect(open).toEqual(['ask-publish', 'ask-delete']);
  expect(http.pendingInterrupts).toEqual([]);
  expect(http.messages.at(-1)).toMatchObject({ content: 'done with publish and delete' });
});

test('ends its work when the connection is closed', async () => {
  const http = client('work');
  const run = http.runAgent({ runId: 'closed' }).catch(() => undefined);
  await eventually(() => Promise.resolve(agent.requests.some(({ runId }) => runId === 'closed')));

  http.abortRun();
  await run;

  await eventually(() => Promise.resolve(agent.closed.includes('closed')));
});

test.each(['talk', 'ask twice', 'secret', 'of every kind'])(
  'leaves the collector with the messages and the state the client has: %s',
  async (text) => {
    const ids = { threadId: `thread ${text}`, runId: `run ${text}` };
    const http = new HttpAgent({
      url: agent.url,
      threadId: ids.threadId,
      initialMessages: [{ id: 'said', role: 'user', content: text }],
    });
    const log = new ConversationLog({ messages: structuredClone(http.messages), state: undefined });
    const input = { ...ids, messages: http.messages, tools: [], context: [] };
    const url = { url: agent.url, body: input, headers: {}, idleMs: 1000, signal: AbortSignal.timeout(5000) };
    for await (const data of readEventData(await openStream(url), 1_000_000)) {
      const event = readProtocolEvent(data);
      if (event !== null) log.apply(event);
    }
    agent.forget(ids.threadId);

    await http.runAgent({ runId: ids.runId });

    expect(log.conversation.messages).toEqual(
      http.messages.map((message) => JSON.parse(JSON.stringify(message)) as object),
    );
    expect(log.conversation.state ?? {}).toEqual(http.state);
  },
);

test('refuses what is no input', async () => {
  const answer = await fetch(agent.url, { method: 'POST', body: '{"threadId":1}' });

  expect(answer.status).toBe(422);
});

test('and so does the agent of the documentation', async () => {
  const guide = await readFile(path.join(import.meta.dirname, '..', '..', 'docs', 'control.md'), 'utf8');
  const port = await freePort();
  const source = (/```js\n(.*?)```/s.exec(guide)?.[1] ?? '').replace('8000', String(port));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: 'inherit' });
  const http = new HttpAgent({ url: `http://127.0.0.1:${port}/agent`, initialMessages: [] });
  await eventually(() => fetch(http.url, { method: 'POST', body: '{"threadId":"probe"}' }).then(() => true));

  await http.runAgent();
  const [open] = http.pendingInterrupts;
  await http.runAgent({ resume: [{ interruptId: 'may-i', status: 'resolved', payload: { approved: true } }] });
  child.kill();

  expect(open).toMatchObject({ id: 'may-i', message: 'Publish it?' });
  expect(http.messages.at(-1)).toMatchObject({ content: 'Published.' });
});
