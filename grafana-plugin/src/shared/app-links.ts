import { config } from '@grafana/runtime';

/** Path of the app's pages, below whatever path Grafana is served at. */
export function appPath(page: string): string {
  return `${config.appSubUrl ?? ''}/a/signalbox-agents-app/${page}`;
}

/** The feed of one run, with one of its events opened. */
export function runLink(runId: string, eventId: string | null = null): string {
  const event = eventId === null ? '' : `&event=${encodeURIComponent(eventId)}`;
  return appPath(`feed?run=${encodeURIComponent(runId)}${event}`);
}

/** The page of one approval, for links that are sent to people. */
export function approvalLink(id: string): string {
  return appPath(`approvals/${encodeURIComponent(id)}`);
}

/** Where commands go: the app's own routes, which alone carry them. */
export function appProxy(): string {
  return `${config.appSubUrl ?? ''}/api/plugin-proxy/signalbox-agents-app`;
}
