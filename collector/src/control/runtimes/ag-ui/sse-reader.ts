/** The answer breaks a rule that keeps one agent from harming the collector, or is no AG-UI at all. */
export class StreamFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StreamFault';
  }
}

const LINE_END = /\r\n|\n|\r(?!$)/;

/**
 * The data of each event of a text/event-stream, whatever pieces it comes in. Only `data` counts: AG-UI uses no other
 * field. Text that is cut off at the end is given as it is.
 */
export async function* readEventData(
  chunks: AsyncIterable<Uint8Array>,
  mostCharacters: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let data: string[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(LINE_END);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
        size = 0;
      }
      const value = dataIn(line);
      if (value === undefined) continue;
      data.push(value);
      size += value.length;
      if (size > mostCharacters) throw tooLarge(mostCharacters);
    }
    if (size + rest.length > mostCharacters) throw tooLarge(mostCharacters);
  }
  const last = dataIn(rest.replace(/\r$/, ''));
  if (last !== undefined) data.push(last);
  if (data.length > 0) yield data.join('\n');
}

function dataIn(line: string): string | undefined {
  return line.startsWith('data:') ? line.slice(5).replace(/^ /, '') : undefined;
}

function tooLarge(most: number): StreamFault {
  return new StreamFault(`one of its events is larger than ${most} characters`);
}
