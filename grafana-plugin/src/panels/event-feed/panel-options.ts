/** What an editor sets for one panel. */
export interface FeedPanelOptions {
  density: 'compact' | 'comfortable';
  newestFirst: boolean;
}

/** Options of a new panel: an agent's work reads like a transcript, downwards. */
export const DEFAULT_OPTIONS: FeedPanelOptions = { density: 'compact', newestFirst: false };
