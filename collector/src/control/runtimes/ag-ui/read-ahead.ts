import type { IncomingMessage } from 'node:http';
import { StreamFault } from './sse-reader.ts';

/** Bytes that may wait to be looked at; then the agent has to wait. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The bytes of an answer, taken from the socket as soon as they are there: a connection that breaks would otherwise take
 * with it what had arrived. Silence counts only while the agent is waited for: a slow reader is not the agent's silence.
 */
export function readAhead(answer: IncomingMessage, idleMs: number): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let end: { failure: Error | null } | undefined;
  let wake: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    if (end === undefined && !answer.isPaused()) timer = setTimeout(() => answer.destroy(silence(idleMs)), idleMs);
  };
  const finish = (failure: Error | null): void => {
    end ??= { failure };
    clearTimeout(timer);
    wake();
  };
  answer.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) answer.pause();
    watch();
    wake();
  });
  answer.once('end', () => finish(null));
  answer.once('error', (error) => finish(error));
  answer.once('close', () => finish(new Error('the connection broke')));
  watch();
  async function* take(): AsyncGenerator<Uint8Array> {
    try {
      while (chunks.length > 0 || end === undefined) {
        const chunk = chunks.shift();
        if (chunk === undefined) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        bytes -= chunk.byteLength;
        if (answer.isPaused()) answer.resume();
        watch();
        yield chunk;
      }
      if (end.failure) throw end.failure;
    } finally {
      finish(null);
      answer.destroy();
    }
  }
  return take();
}

/** Why a connection is given up on which nothing comes. */
export function silence(idleMs: number): StreamFault {
  return new StreamFault(`it said nothing for ${Math.round(idleMs / 1000)} seconds`);
}
