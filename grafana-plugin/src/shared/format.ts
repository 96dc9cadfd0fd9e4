import { dateTimeFormat, dateTimeFormatISO } from '@grafana/data';
import { t } from '@grafana/i18n';
import { splitDuration, timeToMs } from './time.ts';

/** Clock time with milliseconds in the reader's time zone. */
export function formatClock(time: string, timeZone: string): string {
  return dateTimeFormat(timeToMs(time), { format: 'HH:mm:ss.SSS', timeZone });
}

/** Date and clock time in the reader's time zone. */
export function formatMoment(time: string, timeZone: string): string {
  return dateTimeFormat(timeToMs(time), { format: 'YYYY-MM-DD HH:mm:ss.SSS', timeZone });
}

/** ISO time with offset, for hovers and copies. */
export function formatIso(time: string, timeZone: string): string {
  return dateTimeFormatISO(timeToMs(time), { timeZone });
}

/** A duration in words short enough for a column. */
export function formatDuration(milliseconds: number): string {
  const parts = splitDuration(milliseconds);
  if (parts.unit === 'ms') return t('duration.ms', '{{value}} ms', { value: parts.value });
  if (parts.unit === 's') return t('duration.s', '{{value}} s', { value: parts.value });
  if (parts.unit === 'm') {
    return t('duration.m', '{{minutes}} m {{seconds}} s', { minutes: parts.minutes, seconds: pad(parts.seconds) });
  }
  return t('duration.h', '{{hours}} h {{minutes}} m', { hours: parts.hours, minutes: pad(parts.minutes) });
}

/** A signed offset, as the relative time column shows it. */
export function formatOffset(milliseconds: number): string {
  const sign = milliseconds < 0 ? '−' : '+';
  return sign + formatDuration(Math.abs(milliseconds));
}

/** A size in bytes, in decimal units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return t('size.b', '{{value}} B', { value: bytes });
  if (bytes < 1_000_000) return t('size.kb', '{{value}} kB', { value: (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0) });
  return t('size.mb', '{{value}} MB', { value: (bytes / 1_000_000).toFixed(1) });
}

/** A count in the fewest characters: `812`, `1.2k`, `18k`, `2.4M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 10_000) return `${(count / 1000).toFixed(1)}k`;
  if (count < 1_000_000) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
