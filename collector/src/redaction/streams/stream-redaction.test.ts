import fc from 'fast-check';
import { Attributes, NO_ATTRIBUTES } from '../../telemetry/attributes.ts';
import type { LogRecord } from '../../telemetry/records.ts';
import { createRedactionGate, type RedactionGate } from '../redaction-gate.ts';
import { createRedactor } from '../redactor.ts';
import { EMAILS, makeEmails, makeSecrets, PERSONAL_NUMBERS, SECRETS } from '../testing/secrets.ts';

const ORIGIN = { scope: { name: 'test', version: '', attributes: NO_ATTRIBUTES }, resource: NO_ATTRIBUTES };
const MARK = /\[redacted:[a-z0-9_]+:[0-9a-f]{8}\]/;
const LEAST_LEAK = 8;

/** Time that passes when told to. */
class Clock {
  #now = 0;
  readonly #due = new Map<object, { at: number; run: () => void }>();

  readonly now = (): number => this.#now;
  readonly later = (ms: number, run: () => void): (() => void) => {
    const timer = {};
    this.#due.set(timer, { at: this.#now + ms, run });
    return () => this.#due.delete(timer);
  };

  pass(ms: number): void {
    this.#now += ms;
    for (const [timer, { at, run }] of [...this.#due]) {
      if (at > this.#now) continue;
      this.#due.delete(timer);
      run();
    }
  }
}

function newGate(): { gate: RedactionGate; clock: Clock } {
  const clock = new Clock();
  return { clock, gate: createRedactionGate({ redactor: createRedactor({ hmacKey: 'test' }), ...clock }) };
}

type MakeChunk = (text: string, index: number, isLast: boolean) => LogRecord;

function record(eventName: string, attributes: Record<string, string | number | boolean>, body: LogRecord['body']) {
  return {
    traceId: null,
    spanId: null,
    timeNs: 0n,
    severityNumber: 9,
    severityText: '',
    eventName,
    body,
    attributes: new Attributes(Object.keys(attributes), Object.values(attributes)),
    ...ORIGIN,
  };
}

const chatToken: MakeChunk = (text, index, isLast) =>
  record(
    'signalbox.chat.token',
    {
      'signalbox.chat.message_id': 'm',
      'signalbox.chat.delta': text,
      'signalbox.chat.index': index,
      ...(isLast ? { 'signalbox.chat.done': true } : {}),
    },
    null,
  );

function agUi(type: string, id: string): MakeChunk {
  return (text, index, isLast) => ({
    ...record(
      `ag-ui.${isLast ? type.replace(/[A-Z]+$/, 'END') : type}`,
      { [id]: 'x' },
      new Attributes(['delta'], [text]),
    ),
    timeNs: BigInt(index),
  });
}

const SHAPES: [string, MakeChunk][] = [
  ['chat tokens', chatToken],
  ['AG-UI text', agUi('TEXT_MESSAGE_CONTENT', 'ag-ui.message_id')],
  ['AG-UI tool arguments', agUi('TOOL_CALL_ARGS', 'ag-ui.tool_call_id')],
  ['AG-UI reasoning', agUi('REASONING_MESSAGE_CONTENT', 'ag-ui.message_id')],
];

function textOf(log: LogRecord | undefined): string {
  const text = log?.body instanceof Attributes ? log.body.get('delta') : log?.attributes.get('signalbox.chat.delta');
  return typeof text === 'string' ? text : '';
}

/** Sends each chunk as a batch of its own; resolves with what was stored of each, in the order of the chunks. */
async function send(gate: RedactionGate, logs: readonly LogRecord[]): Promise<string[]> {
  const batches = await Promise.all(logs.map((log) => gate.batch({ spans: [], logs: [log], metrics: [] })));
  return batches.map(({ logs: [log] }) => textOf(log));
}

function chunksOf(make: MakeChunk, text: string, cuts: readonly number[]): LogRecord[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
  const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
  return [...pieces.map((piece, at) => make(piece, at, false)), make('', pieces.length, true)];
}

function everyFour(text: string): number[] {
  return Array.from({ length: Math.floor(text.length / 4) }, (_, at) => (at + 1) * 4);
}

function leaks(stored: string, secret: string): boolean {
  // What comes before are the letters everybody knows: `ghp_`, `https://hooks.slack.com/services/`.
  const letters = secret.replace(/-----(?:BEGIN|END) [A-Z ]+-----/g, '');
  const body = letters.slice(-Math.floor(letters.length / 2));
  for (let at = 0; at + LEAST_LEAK <= body.length; at++)
    if (stored.includes(body.slice(at, at + LEAST_LEAK))) return true;
  return false;
}

describe.each(SHAPES)('%s', (_name, make) => {
  test.each(SECRETS)('a %s in pieces of four letters is not stored', async (_format, secret) => {
    const text = `Take ${secret} and go on.`;

    const stored = (await send(newGate().gate, chunksOf(make, text, everyFour(text)))).join('');

    expect(leaks(stored, secret)).toBe(false);
    expect(stored).toMatch(/^Take [^[]{0,32}\[redacted:[^\]]*\] and go on\.$/);
  });

  test.each(PERSONAL_NUMBERS)('a %s in pieces of four letters is not stored', async (_format, number) => {
    const text = `Take ${number} and go on.`;

    const stored = (await send(newGate().gate, chunksOf(make, text, everyFour(text)))).join('');

    expect(stored).not.toContain(number.slice(-6));
    expect(stored).toMatch(/^Take [^[]{0,32}\[redacted:[^\]]*\] and go on\.$/);
  });

  test.each(EMAILS)('an %s in pieces of four letters loses its name and keeps its host', async (_format, address) => {
    const [, host] = address.split('@');
    const text = `Take ${address} and go on.`;

    const stored = (await send(newGate().gate, chunksOf(make, text, everyFour(text)))).join('');

    expect(stored.replace(/:[0-9a-f]{8}\]/, ']')).toBe(`Take [redacted:email]@${host} and go on.`);
  });

  test('an address cut anywhere is stored as it would be in one piece', async () => {
    const redactor = createRedactor({ hmacKey: 'test' });
    const address = fc.tuple(fc.nat(10_000), fc.nat(EMAILS.length - 1)).map(([seed, at]) => makeEmails(seed)[at]?.[1]);
    const text = fc.oneof(
      address.map((each) => `Write to ${each}, please.`),
      address.map((each) => JSON.stringify({ args: JSON.stringify({ to: each, cc: 'anna@corp.com' }) })),
      address.map((each) => `Пишите на «анна.${each}»: `),
      address.map((each) => `mailto:${encodeURIComponent(each ?? '')} `),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(400), { maxLength: 40 }), async (given, places) => {
        const stored = await send(newGate().gate, chunksOf(make, given, places));

        expect(stored.join('')).toBe(redactor.text(given));
      }),
    );
  });

  test('a secret cut anywhere is not stored', async () => {
    const cuts = fc.array(fc.nat(400), { maxLength: 40 });
    const secret = fc
      .tuple(fc.nat(10_000), fc.nat(SECRETS.length - 1))
      .map(([seed, at]) => makeSecrets(seed)[at]?.[1] ?? '');
    const before = fc.constantFrom('', 'key: ', '{"note":"', 'Возьми ключ ', 'line\n', 'x = ', '**');
    const after = fc.constantFrom('', ' and more words', '"}', '** end', '\n\nnext');
    await fc.assert(
      fc.asyncProperty(before, secret, after, cuts, async (head, hidden, tail, places) => {
        const stored = await send(newGate().gate, chunksOf(make, head + hidden + tail, places));

        expect(leaks(stored.join(''), hidden)).toBe(false);
      }),
    );
  });

  test('a text without secrets is stored byte for byte, however it is cut', async () => {
    const words = fc.constantFrom(
      'the token count', 'a basic idea', 'https://example.org:8080/a?b=c', 'password', ': ', 'task-force', 'Asian', 'eyJ',
      '{"note":', '"x"', 'пароль', ' — ', '2024-11-21', '\n', 'def main():', 'sk', '%20', '\u200b', 'x', ' ', '1 250 000', '',
    ); // prettier-ignore
    const text = fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' '));
    const redactor = createRedactor({ hmacKey: 'test' });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(400), { maxLength: 40 }), async (given, places) => {
        fc.pre(redactor.text(given) === given);

        const stored = await send(newGate().gate, chunksOf(make, given, places));

        expect(stored.join('')).toBe(given);
      }),
    );
  });
});

test.each([
  ['JSON', '{"user":"x","password":"hunter two three","n":1}', 'hunter two three'],
  ['JSON in JSON', '{"a":"{\\"api_key\\":\\"hunter two three\\"}"}', 'hunter two three'],
  ['a line', 'password=hunter2two; next', 'hunter2two'],
  ['a header', 'Authorization: Bearer hunter2hunter2hunter2\n', 'hunter2hunter2hunter2'],
  ['a pair', '{"name":"x-api-key","value":"hunter two three"}', 'hunter two three'],
  ['Russian', 'пароль: hunter2two, и всё', 'hunter2two'],
  ['a login in a URL', 'see postgres://app:hunter2two@db:5432/x now', 'hunter2two'],
  ['percent-encoding', 'a=%20ghp_0123456789abcdef0123456789%20b', '0123456789abcdef0123456789'],
  ['a card', 'pay with 4012 8888 8888 1881 today', '8888 1881'],
])('a named value in pieces of three letters is not stored: %s', async (_name, text, secret) => {
  const cuts = Array.from({ length: text.length }, (_, at) => at * 3);

  const stored = (await send(newGate().gate, chunksOf(chatToken, text, cuts))).join('');

  for (let at = 0; at + 6 <= secret.length; at++) expect(stored).not.toContain(secret.slice(at, at + 6));
  expect(stored).toMatch(MARK);
});

test('a private key goes up to its end, and what follows stays', async () => {
  const body = Array.from({ length: 40 }, (_, at) => `${'MIIEvQIBADANBg'.repeat(4)}${at}AbCdEf`).join('\n');
  const text = `here:\n-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\nand more`;

  const stored = (await send(newGate().gate, chunksOf(chatToken, text, everyFour(text)))).join('');

  expect(stored).toMatch(/^here:\n[-A-Z ]*\[redacted:private_pem:[0-9a-f]{8}\]\nand more$/);
});

test('a piece waits for the next one, and no longer than 200 ms', async () => {
  const { gate, clock } = newGate();
  const seen: string[] = [];
  const first = send(gate, [chatToken('use ghp_0123456', 0, false)]).then(([text = '']) => seen.push(text));

  clock.pass(199);
  await settled();
  expect(seen).toEqual([]);
  clock.pass(1);
  await first;
  expect(seen).toEqual([expect.stringMatching(/^use \[redacted:partial:[0-9a-f]{8}\]$/)]);

  const rest = send(gate, [chatToken('789abcdef0123456789 ok ', 1, false)]);
  expect(await rest).toEqual([' ok ']);
});

test('in a text that flows each piece has its own time to wait', async () => {
  const { gate, clock } = newGate();
  const texts: string[] = [];
  const say = (text: string, index: number) =>
    void send(gate, [chatToken(text, index, false)]).then(([stored = '']) => texts.push(stored));

  say('ask', 0);
  clock.pass(150);
  say(' anna', 1);
  clock.pass(150);
  say('@corp.com ', 2);
  await settled();

  expect(texts).toEqual(['ask', expect.stringMatching(/^ \[redacted:email:[0-9a-f]{8}\]$/), '@corp.com ']);
});

test('half an address that nothing follows is not stored', async () => {
  const { gate, clock } = newGate();
  const stored = send(gate, [chatToken('ask anna@cor', 0, false)]);

  clock.pass(200);

  expect(await stored).toEqual([expect.stringMatching(/^ask \[redacted:partial:[0-9a-f]{8}\]$/)]);
});

test('an end that looks like nothing secret is released as it is', async () => {
  const { gate, clock } = newGate();
  const stored = send(gate, [chatToken('a basic und', 0, false)]);

  clock.pass(200);

  expect(await stored).toEqual(['a basic und']);
});

test('pieces may come in any order', async () => {
  const text = `Take ghp_0123456789abcdefghijABCDEFGHIJ012345 and go on.`;
  const chunks = chunksOf(chatToken, text, everyFour(text));
  const order = fc.shuffledSubarray([...chunks.keys()], { minLength: chunks.length });
  await fc.assert(
    fc.asyncProperty(order, async (places) => {
      const stored = await send(
        newGate().gate,
        places.map((at) => chunks[at] as LogRecord),
      );
      const inOrder = places.map((at, turn): [number, string] => [at, stored[turn] ?? '']).sort(([a], [b]) => a - b);

      expect(inOrder.map(([, piece]) => piece).join('')).toMatch(
        /^Take g?h?p?_?\[redacted:github:[0-9a-f]{8}\] and go on\.$/,
      );
    }),
  );
});

test('the rest of a secret whose beginning is late or lost is not stored', async () => {
  const { gate, clock } = newGate();
  const rest = send(gate, [chatToken('89abcdefghijABCDEFGHIJ012345 and', 1, false)]);
  clock.pass(200);
  const [second = ''] = await rest;
  const late = send(gate, [chatToken('Take ghp_01234567', 0, false)]);
  clock.pass(200);
  const [first = ''] = await late;

  expect(second).toMatch(/^\[redacted:piece:[0-9a-f]{8}\] and$/);
  expect(first).toMatch(/^Take \[redacted:partial:[0-9a-f]{8}\]$/);
});

test.each(SHAPES)('%s sent again become what they became before', async (_name, make) => {
  const { gate } = newGate();
  const text = `Take ghp_0123456789abcdefghijABCDEFGHIJ012345 and go on.`;
  const chunks = chunksOf(make, text, everyFour(text));

  const stored = await send(gate, chunks);

  expect(await send(gate, chunks)).toEqual(stored);
});

test('pieces of different texts do not touch', async () => {
  const { gate } = newGate();
  const other = record(
    'signalbox.chat.token',
    { 'signalbox.chat.message_id': 'n', 'signalbox.chat.delta': 'quiet, ' },
    null,
  );

  const [first, between] = await Promise.all([
    send(gate, [chatToken('use ghp_01234567', 0, false), chatToken('89abcdefghijABCDEFGHIJ012345.', 1, true)]),
    send(gate, [other]),
  ]);

  expect(first.join('')).toMatch(/^use \[redacted:github:[0-9a-f]{8}\]\.$/);
  expect(between).toEqual(['quiet, ']);
});

test('closing releases what waits, masked, and later pieces do not wait', async () => {
  const { gate } = newGate();
  const waiting = send(gate, [chatToken('use ghp_01234567', 0, false)]);

  gate.close();

  expect(await waiting).toEqual([expect.stringMatching(/^use \[redacted:partial:/)]);
  expect(await send(gate, [chatToken('89abcdefghijABCDEFGHIJ ghp_01234567', 1, false)])).toEqual([
    expect.not.stringContaining('1234567'),
  ]);
});

/** Lets everything that is due without time passing happen. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
