import { rmSync } from 'node:fs';
import { takeServer } from './test-server.ts';

/** Stops what the global set-up started and removes its folder. */
export default async function globalTeardown(): Promise<void> {
  const started = takeServer();
  if (!started) return;
  await started.server.stop();
  rmSync(started.folder, { recursive: true, force: true });
}
