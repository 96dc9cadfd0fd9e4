import fc from 'fast-check';
import { readEventData, StreamFault } from './sse-reader.ts';

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  await Promise.resolve();
}

async function read(text: string, sizes: readonly number[] = [], most = 1000): Promise<string[]> {
  const found: string[] = [];
  for await (const data of readEventData(cut(new TextEncoder().encode(text), sizes), most)) found.push(data);
  return found;
}

test.each([
  ['data: {"a":1}\n\n', ['{"a":1}']],
  ['data:{"a":1}\r\n\r\ndata: 2\r\n\r\n', ['{"a":1}', '2']],
  [': keep-alive\n\nevent: x\nid: 7\ndata: one\ndata: two\n\n', ['one\ntwo']],
  ['data: cut off', ['cut off']],
  ['\uFEFFdata: 1\n\n', ['1']],
  ['retry: 10\n\n', []],
])('%j is read as %j', async (text, expected) => {
  expect(await read(text)).toEqual(expected);
});

test('how the text is cut into pieces changes nothing, not even within a character', async () => {
  const text = 'data: {"text":"Grüße, 世界 🚦"}\r\n\r\n: ping\r\ndata: a\rdata: b\r\r\ndata: last\n\n';
  const whole = await read(text);

  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 60 }), async (sizes) => {
      expect(await read(text, sizes)).toEqual(whole);
    }),
  );
});

test.each(['data: ' + 'x'.repeat(2000) + '\n\n', 'data: ' + 'x'.repeat(2000), 'data: xxxxx\n'.repeat(500)])(
  'an event that never ends is not waited for',
  async (text) => {
    await expect(read(text, [100, 100, 100])).rejects.toThrow(StreamFault);
  },
);
