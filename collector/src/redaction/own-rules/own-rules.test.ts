import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { createRedactor, type Redactor } from '../redactor.ts';
import { readOwnRules } from './read-own-rules.ts';
import { compilePattern, LONGEST_MATCH } from './safe-pattern.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: unknown): string {
  const file = path.join(folder, 'rules.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function redactorOf(content: unknown): Redactor {
  return createRedactor({ ownRules: readOwnRules(written(content)) });
}

test('literals, patterns and names go, and are counted under their rule', () => {
  const redactor = redactorOf({
    rules: [
      { name: 'project', literals: ['Blue Harvest', 'Урожай'] },
      { name: 'employee', pattern: String.raw`EMP-\d{6}` },
      { name: 'passport', keys: ['passport_number'] },
    ],
    allow: ['EMP-000000'],
  });

  expect(redactor.text('ask EMP-123456, not EMP-000000, of BLUE harvest and урожай')).toMatch(
    /^ask \[redacted:employee:\w+\], not EMP-000000, of \[redacted:project:\w+\] and \[redacted:project:\w+\]$/,
  );
  expect(redactor.text('{"a":"{\\"passport_number\\":\\"x y\\"}"}')).toMatch(/passport_number\\":\\"\[redacted:field:/);
  expect(redactor.value('x y', 'Passport_Number')).toMatch(/^\[redacted:field:/);
  expect(redactor.counts()).toMatchObject({ employee: 1, project: 2 });
});

test('what belongs to people stays where the operator wants it, secrets never do', () => {
  const redactor = redactorOf({ keep: ['email', 'phone', 'iban', 'ssn', 'card'] });
  const personal =
    'anna@corp.com, +1 (415) 555-0132, phone: 4155550132, GB82WEST12345698765432, 219-09-9999, ssn: 219099999, 4111111111111111';

  expect(redactor.text(personal)).toBe(personal);
  expect(redactor.value('4155550132', 'user.phone')).toBe('4155550132');
  expect(redactor.text('ghp_0123456789abcdef0123456789abcdef0123 of anna@corp.com')).toMatch(
    /^\[redacted:github:\w+\] of anna@corp\.com$/,
  );
});

test.each([
  ['email', 'anna@corp.com', '+14155550132'],
  ['phone', '+14155550132', '4111111111111111'],
  ['card', '4111111111111111', 'GB82WEST12345698765432'],
  ['iban', 'GB82WEST12345698765432', '219-09-9999'],
  ['ssn', '219-09-9999', 'anna@corp.com'],
])('keeping %s keeps nothing else', (kind, kept, taken) => {
  const redactor = redactorOf({ keep: [kind] });

  expect(redactor.text(kept)).toBe(kept);
  expect(redactor.text(taken)).toMatch(/\[redacted:/);
});

test('an allowed address stays, others of its host do not', () => {
  const redactor = redactorOf({ rules: [], allow: ['support@corp.com'] });

  expect(redactor.text('support@corp.com anna@corp.com')).toMatch(
    /^support@corp\.com \[redacted:email:\w+\]@corp\.com$/,
  );
});

test.each([
  ['not json', /rules\.json: expected a readable JSON file \(not JSON\)/],
  [{}, /rules\.json: rules: expected/],
  [{ rules: [{ name: 'A b', literals: ['abc'] }] }, /rules\.0\.name: expected lower-case letters/],
  [{ rules: [{ name: 'a', literals: ['ab'] }] }, /rules\.0\.literals\.0: expected at least 3 characters/],
  [{ rules: [{ name: 'a', colour: 1 }] }, /rules\.0: expected .*colour/],
  [
    { keep: ['github'] },
    /keep\.0: expected one of email, phone, iban, ssn, card; "github" finds secrets, and those are/,
  ],
  [{ keep: ['email', 'jwt'] }, /keep\.1: expected one of .*; "jwt" finds secrets, and those are never kept/],
  [{ keep: ['e-mail'] }, /keep\.0: expected one of .*; there is no rule "e-mail"/],
  [{ keep: 'email' }, /keep: expected/],
  [{ rules: [{ name: 'a' }] }, /rule "a": expected literals, a pattern or keys/],
  [{ rules: [{ name: 'a', pattern: 'abc(d+)+' }] }, /rule "a", pattern: at character 4: expected a character/],
  [{ rules: [{ name: 'a', pattern: '[a-z]{3}' }] }, /expected at least three plain characters at the beginning/],
  [{ rules: [{ name: 'a', pattern: 'abc[a-z]{300}' }] }, /expected at most 256 characters in all/],
  [{ rules: [{ name: 'a', pattern: 'abc[z-a]' }] }, /expected ranges from the smaller/],
])('a bad file stops the start and says what was expected: %j', (content, message) => {
  expect(() => readOwnRules(written(content))).toThrow(message);
});

test('a missing file stops the start with its path', () => {
  expect(() => readOwnRules('/nowhere/rules.json')).toThrow(
    /\/nowhere\/rules\.json: expected a readable JSON file \(ENOENT\)/,
  );
});

test.each([
  '(a+)+$',
  '(a|a)*',
  'abc.*',
  'abc(?=d)',
  'abc\\1',
  'abca+',
  'abca?',
  'abc|d',
  '^abc',
  'abc$',
  'abca{2,}',
  'abc[',
  'abc\\',
])('%s is refused', (pattern) => {
  expect(() => compilePattern(pattern)).toThrow(/expected/);
});

test('a match looks at no character twice and at no more than its longest, whatever pattern and text', () => {
  const step = fc.tuple(fc.constantFrom('a', String.raw`\d`, String.raw`\w`, '[a-c]', '[^x]'), fc.nat(9), fc.nat(9));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.string(), (steps, noise) => {
      const source = `abc${steps.map(([piece, one, more]) => `${piece}{${one},${one + more + 1}}`).join('')}`;
      const text = `abc${'a'.repeat(500)}${noise}`;
      let looks = 0;
      const counted = {
        length: text.length,
        charCodeAt(at: number) {
          looks++;
          return text.charCodeAt(at);
        },
      };

      compilePattern(source).match(counted, 0);

      expect(looks).toBeLessThanOrEqual(LONGEST_MATCH + steps.length);
    }),
  );
});

test.each(['abc', 'abca', 'abcaaaaaaaaab', 'ab', 'a'])('a megabyte of %s comes to an end', (piece) => {
  const redactor = redactorOf({
    rules: [{ name: 'hostile', pattern: String.raw`abc\w{1,100}\w{1,100}!`, literals: ['abcabcabd'] }],
  });

  expect(redactor.text(piece.repeat(1_000_000 / piece.length))).toMatch(/^[abc]+$/);
});
