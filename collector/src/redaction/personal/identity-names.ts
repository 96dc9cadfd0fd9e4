import type { Keep } from '../span.ts';

// Who a person is, for the audit and for the rule that nobody approves what their own run asks: the run's user as the
// mapping reads it, its e-mail and name, and whoever decided.
const IDENTITY = /(?:^|\.)(?:(?:end)?user\.(?:id|name|email|full_name)|user_?id|approval\.by|component\.created_by)$/i;
// The same inside the JSON some senders put all they know into.
const METADATA = /(?:^|\.)metadata$/;
const MEMBER = /\\{0,15}"user_?id\\{0,15}"\s{0,4}:\s{0,4}\\{0,15}"$/i;
const REACH = 64;

/** Lets e-mail addresses stay. */
export const keepEmails: Keep = (_text, { rule }) => rule === 'email';

const keepMember: Keep = (text, { start, rule }) =>
  rule === 'email' && MEMBER.test(text.slice(Math.max(0, start - REACH), start));

/** What stays in the attribute of that name because it tells who somebody is; undefined when nothing does. */
export function keptIn(name: string | undefined): Keep | undefined {
  if (name === undefined) return undefined;
  if (IDENTITY.test(name)) return keepEmails;
  return METADATA.test(name) ? keepMember : undefined;
}
