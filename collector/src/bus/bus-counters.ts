/** Figures of the bus, for `/metrics`. */
export interface BusCounters {
  /** Messages that ended: stored, set aside as unreadable, refused by the store, or trimmed before they were read. */
  entries(result: 'stored' | 'unreadable' | 'refused' | 'trimmed', count: number): void;
  /** Messages of another collector that went silent, taken over. */
  claimed(count: number): void;
  /** A batch that could not be stored and is tried again. */
  retried(): void;
  /** Published messages lost because the queue in front of the database was full. */
  dropped(count: number): void;
  connected(isConnected: boolean): void;
}
