import type { TokenUsage } from '@signalbox/event-model';
import type { Attributes } from '../../telemetry/attributes.ts';
import { asNumber, firstNumber } from './coerce.ts';

const NS_PER_MS = 1_000_000;

/** A duration in milliseconds as nanoseconds; null when it cannot be one. */
export function millisecondsOf(attributes: Attributes, key: string): bigint | null {
  const ms = asNumber(attributes.get(key));
  return ms === null || ms < 0 || ms > 1e12 ? null : BigInt(Math.round(ms * NS_PER_MS));
}

const USAGE: [keyof TokenUsage, string[]][] = [
  ['input', ['input_tokens', 'input_token_count', 'input_tokens_count']],
  ['output', ['output_tokens', 'output_token_count', 'output_tokens_count']],
  ['cached', ['cache_read_tokens', 'cached_content_token_count', 'cached_token_count']],
  ['reasoning', ['thoughts_token_count', 'reasoning_token_count', 'reasoning_tokens']],
];

/** Tokens as command-line agents log them, without a namespace; null when none were reported. */
export function readLoggedUsage(attributes: Attributes): TokenUsage | null {
  const usage: TokenUsage = {};
  for (const [kind, keys] of USAGE) {
    const tokens = firstNumber(attributes, keys);
    if (tokens !== null && tokens >= 0) usage[kind] = Math.round(tokens);
  }
  return Object.keys(usage).length === 0 ? null : usage;
}
