import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { StartError } from '../../lifecycle/start-error.ts';
import { PERSONAL_KINDS } from '../personal/personal-rules.ts';
import { SECRET_RULES } from '../secret-rules.ts';
import { NO_OWN_RULES, type OwnRule, type OwnRules } from './own-rules.ts';
import { compilePattern } from './safe-pattern.ts';

const MOST_RULES = 500;
const plain = z
  .string()
  .min(3, 'at least 3 characters')
  .max(128, 'at most 128 characters')
  .regex(/^[\x20-\u045f]+$/, 'Latin or Cyrillic letters, digits and signs');
const rule = z.strictObject({
  name: z.string('a text').regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _, 40 at most'),
  literals: z.array(plain).optional(),
  pattern: z.string().optional(),
  keys: z.array(plain).optional(),
});
const kinds = PERSONAL_KINDS.join(', ');
const kind = z.enum(PERSONAL_KINDS, {
  error: ({ input }) =>
    SECRET_RULES.has(String(input))
      ? `one of ${kinds}; ${JSON.stringify(input)} finds secrets, and those are never kept`
      : `one of ${kinds}; there is no rule ${JSON.stringify(input)}`,
});
const file = z
  .strictObject({
    rules: z.array(rule).max(MOST_RULES, `at most ${MOST_RULES} rules`).optional(),
    allow: z.array(z.string()).optional(),
    keep: z.array(kind).optional(),
  })
  .refine(({ rules, keep }) => rules !== undefined || keep !== undefined, {
    path: ['rules'],
    error: 'a list, or one under keep',
  });

/** Reads the operator's rules. A file that is wrong stops the start with its path, the rule and what was expected. */
export function readOwnRules(path: string | undefined): OwnRules {
  if (path === undefined) return NO_OWN_RULES;
  const parsed = file.safeParse(readJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fault(path, `${(issue?.path ?? []).join('.') || 'the file'}: expected ${issue?.message ?? 'rules'}`);
  }
  const { rules = [], allow, keep } = parsed.data;
  return {
    rules: rules.map((each) => toRule(path, each)),
    keys: new Set(rules.flatMap(({ keys }) => keys ?? []).map((key) => key.toLowerCase())),
    allow: new Set(allow),
    keep: new Set(keep),
  };
}

function toRule(path: string, { name, literals, pattern, keys }: z.infer<typeof rule>): OwnRule {
  if (literals === undefined && pattern === undefined && keys === undefined)
    throw fault(path, `rule "${name}": expected literals, a pattern or keys`);
  try {
    const compiled = pattern === undefined ? undefined : compilePattern(pattern);
    if (compiled !== undefined) plain.parse(compiled.prefix);
    return { name, literals: literals ?? [], pattern: compiled };
  } catch (error) {
    throw fault(path, `rule "${name}", pattern: ${(error as Error).message}`);
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw fault(path, `expected a readable JSON file (${(error as { code?: string }).code ?? 'not JSON'})`);
  }
}

function fault(path: string, what: string): StartError {
  return new StartError(`SIGNALBOX_REDACTION_FILE ${path}: ${what}. See docs/redaction.md.`);
}
