import { endOfMailHost } from './email-domains.ts';
import { quotedLocalPart, startOfLocalPart } from './email-names.ts';
import { isSomethingElse } from './emails.ts';

const HOST_SO_FAR = /^[\p{L}\p{N}.-]*$/u;
const HOST_NAME = /^(?!v?\d+(?:\.|$))[\p{L}\p{N}]/u;
const HALF_ESCAPE = /(?:%[2-7a-f]?|\\{1,15}(?:u[0-9a-f]{0,3})?)$/i;

/** The end of a text that may be the beginning of an e-mail address: any word, until what follows it shows that it is none. */
export function begunEmail(text: string): { at: number; looksSecret: boolean } | undefined {
  const sign = text.lastIndexOf('@');
  const host = text.slice(sign + 1);
  if (sign >= 0 && HOST_SO_FAR.test(host)) {
    const at = startOfName(text, sign);
    if (at < sign) return { at, looksSecret: HOST_NAME.test(host) && isUnseen(text, at, sign) };
  }
  const end = text.length - (HALF_ESCAPE.exec(text.slice(-20))?.[0].length ?? 0);
  const at = startOfLocalPart(text, end);
  return at < end ? { at, looksSecret: false } : undefined;
}

// What the rule takes already is replaced by it, with its host left readable.
function isUnseen(text: string, start: number, sign: number): boolean {
  return endOfMailHost(text, sign + 1) < 0 && !isSomethingElse(text, start, text.length);
}

function startOfName(text: string, sign: number): number {
  const start = startOfLocalPart(text, sign);
  return start < sign ? start : (quotedLocalPart(text, sign)?.start ?? sign);
}
