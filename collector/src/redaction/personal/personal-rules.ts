import type { AnchoredRule } from '../span.ts';
import { BANK_ACCOUNTS } from './bank-accounts.ts';
import { PERSONAL_NAMES } from './personal-names.ts';
import { PHONES } from './phones.ts';
import { SOCIAL_SECURITY } from './social-security.ts';

/** Rules for numbers that belong to people. Payment cards have a scan of their own. */
export const PERSONAL_RULES: readonly AnchoredRule[] = [...PERSONAL_NAMES, SOCIAL_SECURITY, ...PHONES, BANK_ACCOUNTS];
