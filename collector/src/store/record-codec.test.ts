import { fc } from '../testing/fast-check.ts';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import { decodeAttributes, encodeAttributes, type Bodies } from './record-codec.ts';
import { splitText } from './text-pieces.ts';

const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 2000, unit: 'grapheme' }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.uint8Array({ maxLength: 40 }),
    fc.json({ maxDepth: 5 }).map((text) => text.repeat(1)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.uniqueArray(fc.tuple(fc.string(), tie('value')), { maxLength: 4, selector: ([key]) => key }).map(
      (pairs) =>
        new Attributes(
          pairs.map(([key]) => key),
          pairs.map(([, each]) => each),
        ),
    ),
  ),
})).value;

function plain(each: AttributeValue): unknown {
  if (each instanceof Attributes) return { map: [...each.entries()].map(([key, inner]) => [key, plain(inner)]).sort() };
  if (Array.isArray(each)) return each.map(plain);
  if (Object.is(each, -0)) return 0;
  return each;
}

test('any attribute list comes back from the database form as it was', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(fc.string(), value), { selector: ([key]) => key }), (pairs) => {
      const attributes = new Attributes(
        pairs.map(([key]) => key),
        pairs.map(([, each]) => each),
      );
      const bodies: Bodies = new Map();

      const stored = JSON.stringify(encodeAttributes(attributes, bodies));
      const back = decodeAttributes(JSON.parse(stored), (hash) => bodies.get(hash));

      expect(plain(back)).toEqual(plain(attributes));
    }),
  );
});

test('the pieces of any text, whole or cut short, join to the text', () => {
  const long = fc.array(fc.record({ role: fc.string(), content: fc.string({ minLength: 100, maxLength: 400 }) }), {
    minLength: 3,
    maxLength: 12,
  });
  fc.assert(
    fc.property(long, fc.nat(), (messages, cut) => {
      const text = JSON.stringify({ messages: [messages] });
      const shortened = text.slice(0, cut % (text.length + 1));

      expect(splitText(text).join('')).toBe(text);
      expect(splitText(shortened).join('')).toBe(shortened);
    }),
  );
});

test('a growing conversation shares all but its newest messages', () => {
  const message = (at: number) => ({ role: at % 2 ? 'assistant' : 'user', content: `message ${at} `.repeat(40) });
  const turns = Array.from({ length: 30 }, (_, turn) =>
    JSON.stringify(Array.from({ length: turn + 1 }, (_each, at) => message(at))),
  );

  const pieces = new Set(turns.flatMap((turn) => splitText(turn)).filter((piece) => piece.length > 96));

  expect(pieces.size).toBeLessThanOrEqual(33);
});

test('a body that is gone reads as a marker', () => {
  const bodies: Bodies = new Map();
  const stored = encodeAttributes(new Attributes(['prompt'], ['x'.repeat(5000)]), bodies);

  const back = decodeAttributes(stored, () => undefined);

  expect(back.get('prompt')).toMatch(/^\[content .* is no longer stored\]$/);
});

test('a long conversation comes back whole through folded lists', () => {
  const messages = Array.from({ length: 200 }, (_, at) => ({ role: 'user', content: `${at} ${'word '.repeat(40)}` }));
  const text = JSON.stringify(messages);
  const bodies: Bodies = new Map();

  const stored = JSON.stringify(encodeAttributes(new Attributes(['prompt'], [text]), bodies));
  const back = decodeAttributes(JSON.parse(stored), (hash) => bodies.get(hash));

  expect(back.get('prompt')).toBe(text);
  expect(stored.length).toBeLessThan(600);
});
