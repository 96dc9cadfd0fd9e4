const RETRY_LIMIT_MS = 2000;

/** Connections that come back by themselves and never keep commands for later: the callers know what to repeat. */
export const connectionOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  disconnectTimeout: 200,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, RETRY_LIMIT_MS),
};
