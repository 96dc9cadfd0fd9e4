import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import { createRedactor } from './redactor.ts';
import { CONTEXTS, everyReading } from './testing/contexts.ts';
import { HOSTILE, manyOf } from './testing/hostile.ts';
import { SECRETS } from './testing/secrets.ts';

const MARK = /\[redacted:[a-z0-9_]+:[0-9a-f]{8}\]/;
const FIXTURES = join(__dirname, '../../fixtures');
const redactor = createRedactor({ hmacKey: 'test' });
const clean = (text: string) => redactor.text(text);

describe.each(CONTEXTS)('%s', (_name, wrap) => {
  test.each(SECRETS)('%s goes', (_format, secret) => {
    const redacted = clean(wrap(secret));

    expect(redacted).toMatch(MARK);
    expect(everyReading(redacted)).not.toContain(secret.slice(-16));
    expect(clean(redacted)).toBe(redacted);
  });
});

const NAMED: [string, string][] = [
  ['JSON', '{"api_key": "hunter two", "x": 1}'],
  ['JSON text in JSON', '{"a":"{\\"api_key\\":\\"hunter two\\"}"}'],
  [
    'JSON text in JSON text in JSON',
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ client_secret: 'hunter two' }) }) }),
  ],
  ['quotes as \\u0022', '{\\u0022password\\u0022:\\u0022hunter two\\u0022}'],
  ['a Python dictionary', "{'api_key': 'hunter two', 'n': 1}"],
  ['a query', 'https://example.org/?q=1&access_token=hunter&page=2'],
  ['an encoded query', 'https://example.org/?next=%2Fa%3Fapi_key%3Dhunter%26b'],
  ['a form', 'client_secret=hunter&grant_type=x'],
  ['an environment file', 'OPENAI_API_KEY=hunter\nPORT=80'],
  ['a header line', 'x-api-key: hunter2two\r\nhost: a'],
  ['a cookie line', 'Cookie: sid=hunter; theme=dark\r\nhost: a'],
  ['an authorization line', 'Authorization: Token hunter2two'],
  ['a list of headers', '{"set-cookie": ["sid=hunter; Path=/", "b=hunter"]}'],
  ['a connection string', 'DefaultEndpointsProtocol=https;AccountKey=hunterhunter==;EndpointSuffix=x'],
  ['camel case', '{"refreshToken":"hunter"}'],
  ['Markdown', '**password:** hunter2'],
  ['a pair of name and value', '[{"name":"authorization","value":"Bearer hunter"},{"name":"x","value":"1"}]'],
  ['a pair of key and value in JSON in JSON', JSON.stringify({ a: '{"key": "x-api-key", "value": "hunter two"}' })],
  ['an OTLP attribute', '{"key":"http.request.header.cookie","value":{"stringValue":"sid=hunter"}}'],
  ['a pair whose name comes second', '{"value":"hunter two","name":"X-Api-Key"}'],
  ['a list of pairs', '[["accept","*/*"],["authorization","Bearer hunter2two"]]'],
  ['a flat list of headers', "['Host', 'a', 'Authorization', 'Bearer hunter2two']"],
  ['Russian JSON', '{"пароль": "hunter two", "логин": "x"}'],
  ['a Russian name', 'Пароль: hunter2'],
  ['a Russian name with what it is for', 'Пароль от базы данных — hunter2two, смените его.'],
  ['a Russian token', 'токен = "hunter2two"'],
  ['a Russian key', 'API-ключ: hunter2hunter2'],
];

test.each(NAMED)('a value under a secret name goes: %s', (_name, text) => {
  const redacted = clean(text);

  expect(redacted).toMatch(MARK);
  expect(everyReading(redacted)).not.toContain('hunter');
  expect(clean(redacted)).toBe(redacted);
});

test('only the value goes, the text around it stays byte for byte', () => {
  const text = '{ "a" : "{\\"api_key\\" :\\t\\"x\\\\\\"y\\", \\"b\\": 1}" }';

  expect(clean(text).replace(MARK, 'MARK')).toBe('{ "a" : "{\\"api_key\\" :\\t\\"MARK\\", \\"b\\": 1}" }');
  expect(clean('see postgres://app:s3cret@db:5432/x now')).toMatch(
    /^see postgres:\/\/app:\[redacted:url_login:[0-9a-f]{8}\]@db:5432\/x now$/,
  );
});

test('JSON stays parseable and keeps its other values, whatever the secret and the depth', () => {
  const name = fc.constantFrom(
    'api_key',
    'password',
    'x-api-key',
    'authorization',
    'refreshToken',
    'http.request.header.cookie',
  );
  const value = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.startsWith('[redacted:'));
  fc.assert(
    fc.property(name, value, fc.nat(4), (key, secret, depth) => {
      let text = JSON.stringify({ before: 1, [key]: secret, after: 'kept' });
      for (let level = 0; level < depth; level++) text = JSON.stringify(level % 2 === 0 ? { inner: text } : [text]);

      let parsed: unknown = JSON.parse(clean(text));
      while (!isInnermost(parsed)) parsed = JSON.parse(Object.values(parsed as object)[0] as string);

      expect(parsed.before).toBe(1);
      expect(parsed.after).toBe('kept');
      // A version number under such a name is a package.
      if (!/^(?:\*|[~^>=<v]{0,2}\d+\.[\w.+-]+)$/.test(secret)) expect(parsed[key]).toMatch(MARK);
    }),
  );
});

test('any text is redacted once and for all', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'api_key',
      'password=',
      '"',
      '\\"',
      '\\',
      ': ',
      '%3D',
      '\\u0022',
      'Bearer ',
      '://u:p@',
      '@corp.com',
      'https://a.org,anna@b.org',
      '\u200b',
      '[redacted:',
    ),
    fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const once = clean(pieces.join(''));

      expect(clean(once)).toBe(once);
    }),
  );
});

const CARDS = [
  '4111111111111111',
  '4111 1111 1111 1111',
  '5555-5555-5555-4444',
  '378282246310005',
  '3782 822463 10005',
];

test.each(CARDS)('the card number %s goes', (card) => {
  expect(clean(`pay with ${card}, please`)).toMatch(/^pay with \[redacted:card:[0-9a-f]{8}\], please$/);
  expect(clean(JSON.stringify({ card }))).toMatch(/^\{"card":"\[redacted:card:[0-9a-f]{8}\]"\}$/);
});

test('a card number sent as a number goes, and JSON stays JSON', () => {
  expect(clean('{"a":4111111111111111,"b":[5555555555554444]}')).toBe('{"a":0,"b":[0]}');
  expect(redactor.value(4111111111111111, 'amount')).toMatch(MARK);
});

test.each([
  ['a wrong check digit', '4111111111111112'],
  ['no issuer', '9111111111111111'],
  ['part of a longer number', '141111111111111111111'],
  ['part of a word', 'order_4111111111111111'],
  ['decimals', '0.4111111111111111'],
  ['a time in nanoseconds', '1763728612000000000'],
  ['odd groups', '41 111111 1111 1111'],
])('%s is no card number', (_why, text) => {
  expect(clean(`it is ${text} now`)).toBe(`it is ${text} now`);
});

const HARMLESS: [string, string][] = [
  ['token counts', '{"gen_ai.usage.input_tokens":512,"max_tokens":4096,"total_tokens":"77","token_count":3}'],
  ['log probabilities', '{"token":"Hello","logprob":-0.1,"stop_token":"</s>","eos_token":"<|im_end|>"}'],
  [
    'a tool schema',
    '{"type":"object","properties":{"api_key":{"type":"string"},"password":{"type":"string","minLength":8}}}',
  ],
  ['an escaped tool schema', JSON.stringify({ parameters: '{"properties":{"api_key":{"type":"string"}}}' })],
  ['a UUID', '123e4567-e89b-12d3-a456-426614174000 and trace 0af7651916cd43dd8448eb211c80319c'],
  ['hashes', `sha256 ${'9f86d081884c7d65'.repeat(4)} md5 d41d8cd98f00b204e9800998ecf8427e`],
  [
    'a lock file',
    '"integrity": "sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==", "cookie": "^0.7.1"',
  ],
  ['model names', 'qwen3-coder:30b-a3b-q4_K_M gpt-4o-2024-11-20 claude-sonnet-4-5-20250929 text-embedding-3-large'],
  ['code', 'const password = readPassword(); if (apiKey === undefined) throw new Error("no api key"); secret: string;'],
  ['keyword arguments', 'client = OpenAI(api_key=settings.api_key, base_url=url); login(password=password)'],
  ['environment look-ups', 'api_key=os.environ["OPENAI_API_KEY"], token=process.env.TOKEN, password=$PASSWORD'],
  ['styles', 'class="sk-loading-indicator-wrapper-large task-2024-08-09-review-of-the-disk-1234567890"'],
  [
    'prose',
    'The secret is to ask. A basic understanding of authorization: why it matters, and what a cookie: tastes like.',
  ],
  [
    'Russian prose',
    'Пароль хранится отдельно; токены считаются по модели, ключ выдаёт администратор. Итого 1 250 000 ₽.',
  ],
  [
    'Russian names of fields',
    '{"ключ":"значение","токен":"слово","секрет":"нет"} Ключ: имя поля. Токены: 512. Ключ — 15 мая. Пароль: обязателен',
  ],
  ['names in a list', '{"required":["password","email","api_key","confirm_password"]}'],
  ['ordinary pairs', '[{"name":"model","value":"qwen3-30b"},{"value":"a b c","name":"note"}]'],
  [
    'an image',
    `data:image/png;base64,${Buffer.from(Array.from({ length: 900 }, (_, at) => (at * 7919) % 256)).toString('base64')}`,
  ],
  ['base64 of plain text', Buffer.from('An ordinary sentence without anything to hide in it.').toString('base64')],
  ['a URL', 'http://localhost:11434/api/chat?model=qwen3&stream=true#a@b and mailto:someone@example.org'],
  ['templates', 'postgres://user:${PASSWORD}@db/x https://user:****@host/ password=<your password>'],
];

test.each(HARMLESS)('%s stay as they are', (_name, text) => {
  expect(clean(text)).toBe(text);
});

test('a secret name takes the whole attribute value, an ordinary one only what is secret in it', () => {
  const nested = new Attributes(['password', 'note'], ['open sesame', 'fine']);

  expect(redactor.value('anything', 'http.request.header.authorization')).toMatch(MARK);
  expect(redactor.value(['a=b', 'c=d'], 'http.response.header.set-cookie')).toEqual([
    expect.stringMatching(MARK),
    expect.stringMatching(MARK),
  ]);
  expect(redactor.value(123456n, 'user.password')).toMatch(MARK);
  expect(redactor.value(512, 'gen_ai.usage.input_tokens')).toBe(512);
  const header = new Attributes(['value', 'name'], ['open sesame', 'X-Api-Key']);
  expect((redactor.value(header) as Attributes).get('value')).toMatch(MARK);
  const value = redactor.value([nested]) as Attributes[];
  expect(value[0]?.get('password')).toMatch(MARK);
  expect(value[0]?.get('note')).toBe('fine');
});

test('bytes that hold a secret lose it', () => {
  const bytes = redactor.value(Buffer.from('key sk-FAKE-0000000000000000000000000000 end')) as Uint8Array;

  expect(Buffer.from(bytes).toString()).toMatch(/^key \[redacted:sk:[0-9a-f]{8}\] end$/);
});

test('equal secrets get equal markers under one key, other markers under another', () => {
  const secret = 'sk-FAKE-0000000000000000000000000000';

  expect(clean(secret)).toBe(createRedactor({ hmacKey: 'test' }).text(secret));
  expect(clean(secret)).not.toBe(createRedactor().text(secret));
});

test('replacements are counted by rule', () => {
  const counting = createRedactor();

  counting.text('sk-FAKE-0000000000000000000000000000 twice sk-FAKE-0000000000000000000000000000 password=hunter2');

  expect(counting.counts()).toEqual({ sk: 2, field: 1 });
});

test('what holds nothing secret is handed on, not copied', () => {
  const attributes = new Attributes(['a', 'b'], ['plain', [1, 'two']] as AttributeValue[]);

  expect(redactor.value(attributes)).toBe(attributes);
});

test.each(HOSTILE)('a megabyte of %j comes to an end', (piece) => {
  expect(clean(manyOf(piece, 1_000_000)).length).toBeGreaterThan(0);
});

function isInnermost(parsed: unknown): parsed is Record<string, unknown> {
  return typeof parsed === 'object' && parsed !== null && 'before' in parsed;
}

interface Fixture {
  requests: { body?: unknown; bodyBase64?: string }[];
}

test.each(readdirSync(FIXTURES).filter((name) => name !== 'expected.json'))('no secret is left in %s', (name) => {
  const fixture = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Fixture;

  for (const { body, bodyBase64 } of fixture.requests) {
    if (bodyBase64 !== undefined) {
      expect(clean(gunzipSync(Buffer.from(bodyBase64, 'base64')).toString('latin1'))).not.toContain('sk-FAKE');
      continue;
    }
    const redacted = clean(JSON.stringify(body));
    expect(redacted).not.toContain('sk-FAKE');
    expect(() => JSON.parse(redacted) as unknown).not.toThrow();
  }
});
