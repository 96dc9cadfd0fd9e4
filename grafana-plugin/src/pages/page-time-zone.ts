import { config } from '@grafana/runtime';

/** The time zone the visitor reads times in. */
export function pageTimeZone(): string {
  return config.bootData.user.timezone || 'browser';
}
