/** What an editor sets for one panel. */
export interface FeedPanelOptions {
  density: 'compact' | 'comfortable';
  newestFirst: boolean;
  /** Names of the columns shown; absent for the default ones. */
  columns?: string[];
}

/** Options of a new panel: an agent's work reads like a transcript, downwards. */
export const DEFAULT_OPTIONS: FeedPanelOptions = { density: 'compact', newestFirst: false };
