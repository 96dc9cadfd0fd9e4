import { normalizeCollectorUrl } from './collector-address.ts';
import { splitRedactions } from './redaction.ts';
import { durationMs, splitDuration, timeToMs } from './time.ts';

describe('time', () => {
  test('keeps fractions of a millisecond', () => {
    expect(timeToMs('2026-11-20T09:00:00.123456789Z') - Date.parse('2026-11-20T09:00:00Z')).toBeCloseTo(123.456789, 3);
    expect(durationMs('2026-11-20T09:00:00.000000000Z', '2026-11-20T09:00:00.000500000Z')).toBeCloseTo(0.5, 3);
    expect(durationMs('2026-11-20T09:00:00Z', null)).toBeNull();
  });

  test.each([
    [0.4, { unit: 'ms', value: '0.4' }],
    [820, { unit: 'ms', value: '820' }],
    [999.7, { unit: 's', value: '1.0' }],
    [59_960, { unit: 'm', minutes: 1, seconds: 0 }],
    [67_000, { unit: 'm', minutes: 1, seconds: 7 }],
    [7_500_000, { unit: 'h', hours: 2, minutes: 5 }],
  ])('%d ms', (milliseconds, parts) => {
    expect(splitDuration(milliseconds)).toEqual(parts);
  });
});

describe('redactions', () => {
  test('are told apart from the text around them', () => {
    expect(splitRedactions('key=[redacted:aws-key:ab12] and [redacted:]')).toEqual([
      { kind: 'text', text: 'key=' },
      { kind: 'redacted', rule: 'aws-key', fingerprint: 'ab12' },
      { kind: 'text', text: ' and [redacted:]' },
    ]);
  });
});

describe('collector address', () => {
  test.each([
    ['http://localhost:4320/', 'http://localhost:4320'],
    [' https://host/sub/ ', 'https://host/sub'],
    ['localhost:4320', null],
    ['ftp://host', null],
    ['http://user:pw@host', null],
    ['', null],
  ])('%s', (text, wanted) => {
    expect(normalizeCollectorUrl(text)).toBe(wanted);
  });
});
