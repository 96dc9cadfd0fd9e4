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

test.each([
  ['not json', /rules\.json: expected a readable JSON file \(not JSON\)/],
  [{}, /rules\.json: rules: expected/],
  [{ rules: [{ name: 'A b', literals: ['abc'] }] }, /rules\.0\.name: expected lower-case letters/],
  [{ rules: [{ name: 'a', literals: ['ab'] }] }, /rules\.0\.literals\.0: expected at least 3 characters/],
  [{ rules: [{ name: 'a', colour: 1 }] }, /rules\.0: expected .*colour/],
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
