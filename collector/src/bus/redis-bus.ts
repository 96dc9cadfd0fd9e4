import { Redis } from 'ioredis';
import { createInProcessBus, type WakeBus } from './wake-bus.ts';

const CHANNEL = 'signalbox:wake';
const RETRY_LIMIT_MS = 5000;

/** A bus over Redis Pub/Sub. Works on, deaf to the others, while Redis is away; `report` hears of it once. */
export function createRedisBus(url: string, report: (error: unknown) => void): WakeBus {
  const local = createInProcessBus();
  const options = {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 200,
    retryStrategy: (attempt: number) => Math.min(attempt * 200, RETRY_LIMIT_MS),
  };
  const publisher = new Redis(url, options);
  const subscriber = new Redis(url, options);
  let silent = false;
  const failed = (error: unknown): void => {
    if (!silent) report(error);
    silent = true;
  };
  for (const client of [publisher, subscriber]) {
    client.on('error', failed);
    client.on('ready', () => (silent = false));
  }
  subscriber.on('ready', () => void subscriber.subscribe(CHANNEL).catch(failed));
  subscriber.on('message', () => local.publish());
  return {
    async start() {
      await Promise.all([publisher.connect().catch(failed), subscriber.connect().catch(failed)]);
    },
    stop() {
      publisher.disconnect();
      subscriber.disconnect();
      return Promise.resolve();
    },
    publish() {
      local.publish();
      if (publisher.status === 'ready') publisher.publish(CHANNEL, '').catch(failed);
    },
    onWake: (listener) => local.onWake(listener),
  };
}
