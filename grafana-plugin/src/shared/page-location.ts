import { locationService } from '@grafana/runtime';

/** The part of the page's history that is the same in every release's router. */
export interface PageHistory {
  location: { pathname: string; search: string };
  listen: (onChange: (location: { pathname: string; search: string }) => void) => () => void;
}

/** Where the page is, and how to hear of changes. Grafana's service is asked: its router differs between releases. */
export function pageHistory(): PageHistory {
  // The types of Grafana's history package are not installed; this interface is what we rely on of it.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return
  return locationService.getHistory();
}
