/** What an administrator sets for the app. The keys are in Grafana's encrypted store and never come back. */
export interface AppSettings {
  /** Address under which Grafana's server reaches the collector. */
  collectorUrl?: string;
  /** Set by the console, which talks to the collector without a proxy in between; not for use in Grafana. */
  apiBase?: string;
}
