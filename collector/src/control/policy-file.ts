import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_POLICY, RISKS, type Policy } from './policy.ts';

const names = z.array(z.string().min(1).max(200)).min(1).max(1000);
const role = z.enum(['Viewer', 'Editor', 'Admin']);
const risk = z.enum(RISKS);
const minutes = z
  .number()
  .positive()
  .max(24 * 60);

const approver = z
  .strictObject({
    logins: names.optional(),
    roles: z.array(role).min(1).optional(),
    workflows: names.optional(),
    tools: names.optional(),
    maxRisk: risk.optional(),
  })
  .refine((rule) => rule.logins !== undefined || rule.roles !== undefined, 'needs "logins" or "roles"');

const file = z.strictObject({
  approvers: z.array(approver).max(1000),
  operators: z
    .array(z.strictObject({ logins: names.optional(), roles: z.array(role).optional(), workflows: names.optional() }))
    .max(1000)
    .optional(),
  selfApproval: z.boolean().default(false),
  twoPerson: z.array(risk).default([]),
  timeLimitMinutes: z.partialRecord(risk, minutes).default({}),
  extendMinutes: z
    .number()
    .min(0)
    .max(24 * 60)
    .default(DEFAULT_POLICY.extendMinutes),
  risks: z
    .array(z.strictObject({ tool: z.string().min(1).max(200), workflow: z.string().max(200).optional(), risk }))
    .max(1000)
    .default([]),
});

/** Reads a policy from JSON text; throws an Error that says where it is wrong. */
export function parsePolicy(text: string): Policy {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const parsed = file.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not a policy'}`);
  }
  return {
    ...parsed.data,
    timeLimitMinutes: { ...DEFAULT_POLICY.timeLimitMinutes, ...parsed.data.timeLimitMinutes },
  };
}

const MAX_BYTES = 1024 * 1024;

/** Reads a policy file; throws an Error with a reason for people. */
export function readPolicyFile(path: string): Policy {
  if (statSync(path).size > MAX_BYTES) throw new Error('it is larger than 1 MiB');
  return parsePolicy(readFileSync(path, 'utf8'));
}

/** A policy that follows its file. */
export interface PolicySource {
  readonly current: Policy;
  readonly source: 'default' | 'file';
  /** When the current policy was taken over. */
  readonly since: Date;
  /** What is wrong with the file since it was last good; null while it is good. */
  readonly problem: string | null;
  /** Looks whether the file changed; called on a timer and by tests. */
  refresh(): void;
}

/**
 * Follows a policy file: a change counts as soon as it is seen, a file with a mistake leaves the policy as it was and says
 * so. Throws when the file is bad at the start. Without a path the default policy holds.
 */
export function followPolicy(
  path: string | undefined,
  on: { changed: (policy: Policy) => void; broken: (problem: string) => void },
): PolicySource {
  let since = new Date();
  if (path === undefined)
    return { current: DEFAULT_POLICY, source: 'default', since, problem: null, refresh: () => undefined };
  let text = readFileSync(path, 'utf8');
  let current = readPolicyFile(path);
  let problem: string | null = null;
  return {
    source: 'file',
    get current() {
      return current;
    },
    get since() {
      return since;
    },
    get problem() {
      return problem;
    },
    refresh() {
      try {
        const now = readFileSync(path, 'utf8');
        if (now === text && problem === null) return;
        text = now;
        current = readPolicyFile(path);
        since = new Date();
        problem = null;
        on.changed(current);
      } catch (error) {
        const reason = `${path}: ${error instanceof Error ? error.message : String(error)}`;
        if (reason === problem) return;
        problem = reason;
        on.broken(reason);
      }
    },
  };
}
