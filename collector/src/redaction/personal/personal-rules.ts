import type { AnchoredRule } from '../span.ts';
import { BANK_ACCOUNTS } from './bank-accounts.ts';
import { emailRule } from './emails.ts';
import { PHONE_NAMES, SOCIAL_SECURITY_NAMES } from './personal-names.ts';
import { PHONES } from './phones.ts';
import { SOCIAL_SECURITY } from './social-security.ts';

/** Rules for what belongs to people and is no secret: an operator may switch them off. */
export const PERSONAL_KINDS = ['email', 'phone', 'iban', 'ssn', 'card'] as const;

/** One of {@link PERSONAL_KINDS}. */
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

/** The rules of all kinds that are not kept. Payment cards have a scan of their own. */
export function personalRules({
  keep,
  allow,
}: {
  keep: ReadonlySet<PersonalKind>;
  allow: ReadonlySet<string>;
}): readonly AnchoredRule[] {
  const rules: [PersonalKind, readonly AnchoredRule[]][] = [
    ['ssn', [SOCIAL_SECURITY_NAMES, SOCIAL_SECURITY]],
    ['phone', [...PHONE_NAMES, ...PHONES]],
    ['iban', [BANK_ACCOUNTS]],
    ['email', [emailRule(allow)]],
  ];
  return rules.flatMap(([kind, each]) => (keep.has(kind) ? [] : each));
}
