import fc from 'fast-check';
import { Attributes, NO_ATTRIBUTES } from '../telemetry/attributes.ts';
import type { LogRecord, MetricPoint, SpanRecord } from '../telemetry/records.ts';
import { createRedactor } from './redactor.ts';
import { SECRETS } from './testing/secrets.ts';

const redactor = createRedactor({ hmacKey: 'test' });
const SECRET = 'sk-FAKE-0000000000000000000000000000';

// Pieces that look like the beginning of a secret's place, so that texts full of half-open places arise.
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
    '%22',
    '\\u0022',
    "'",
    '://u:p@',
    'anna@corp.com',
    '"@b.org',
    '\u200b',
    '[',
    '{',
    ', ',
    '12345',
  ),
  fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
);
const junk = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

test('JSON of any texts stays JSON at every depth, and siblings stay', () => {
  fc.assert(
    fc.property(junk, junk, fc.nat(4), (one, other, depth) => {
      let text = JSON.stringify({ one, other, last: 1 });
      for (let level = 0; level < depth; level++) text = JSON.stringify({ inner: text, sibling: 'kept' });

      let parsed = JSON.parse(redactor.text(text)) as Record<string, unknown>;
      for (let level = 0; level < depth; level++) {
        expect(parsed.sibling).toBe('kept');
        parsed = JSON.parse(parsed.inner as string) as Record<string, unknown>;
      }

      expect(parsed.last).toBe(1);
      expect(Object.keys(parsed)).toEqual(['one', 'other', 'last']);
    }),
    { numRuns: 3000 },
  );
});

test('a name at the end of one JSON text does not swallow the next', () => {
  const text = JSON.stringify({ hint: 'set password=', next: 'kept', list: ['api_key: ', 'x'] });

  expect(redactor.text(text)).toBe(text);
});

test('every text of a batch is redacted, and what records share stays shared', () => {
  const secret = `before ${SECRET} after`;
  const attributes = new Attributes(['note', 'deep'], [secret, [new Attributes(['password'], ['x y z'])]]);
  const origin = { scope: { name: secret, version: secret, attributes }, resource: attributes };
  const span: SpanRecord = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: '00f067aa0ba902b7',
    parentSpanId: null,
    name: secret,
    kind: 1,
    startNs: 1n,
    endNs: 2n,
    statusCode: 2,
    statusMessage: secret,
    attributes,
    events: [{ name: secret, timeNs: 1n, attributes }],
    links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b8', attributes }],
    ...origin,
  };
  const log: LogRecord = {
    traceId: null,
    spanId: null,
    timeNs: 1n,
    severityNumber: 9,
    severityText: secret,
    eventName: secret,
    body: [secret],
    attributes,
    ...origin,
  };
  const metric: MetricPoint = {
    name: secret,
    unit: secret,
    kind: 'gauge',
    timeNs: 1n,
    value: 1,
    attributes: NO_ATTRIBUTES,
    ...origin,
  };

  const batch = redactor.batch({ spans: [span, span], logs: [log], metrics: [metric] });

  expect(textOf(batch)).not.toContain('sk-FAKE');
  expect(textOf(batch)).not.toContain('x y z');
  expect(batch.spans[0]).toMatchObject({ traceId: span.traceId, startNs: 1n, kind: 1, statusCode: 2 });
  expect(batch.spans[0]?.resource).toBe(batch.spans[1]?.resource);
});

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member));
}
