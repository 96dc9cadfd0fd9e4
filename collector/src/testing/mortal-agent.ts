// An agent process for tests and benchmarks: does every task once, by a journal that outlives it, and may be killed at any
// moment. `node mortal-agent.ts <agent link> <journal> <trace id>`
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { AgentDownFrame, AgentFrame } from '@signalbox/event-model';
import { WebSocket } from 'ws';

const [url = '', journal = '', traceId = ''] = process.argv.slice(2);
const done = new Set(existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : []);
const file = openSync(journal, 'a');
process.once('exit', () => closeSync(file));

function dial(): void {
  const socket = new WebSocket(url);
  const say = (frame: AgentFrame): void => socket.send(JSON.stringify(frame));
  socket.on('open', () => {
    const capabilities = ['stop', 'add_task'] as const;
    say({ type: 'hello', protocol: 1, agentId: 'mortal', name: 'mortal', capabilities: [...capabilities] });
    say({ type: 'run', traceId, state: 'started' });
  });
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as AgentDownFrame;
    if (frame.type !== 'command') return;
    say({ type: 'command.report', commandId: frame.id, state: 'acked' });
    if (!done.has(frame.id)) {
      // One write is whole or not there, whatever kills the process.
      writeSync(file, `${frame.id}\n`);
      done.add(frame.id);
    }
    say({ type: 'command.report', commandId: frame.id, state: 'effective' });
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => setTimeout(dial, 50));
}

dial();
