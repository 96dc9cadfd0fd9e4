import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from './start-error.ts';

/**
 * Claims a data folder for this process; returns the way to give it back. A second collector on the same folder
 * would take the embedded database away from the first. A claim whose process is gone is taken over.
 */
export function claimFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'collector.pid');
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner > 0 && owner !== process.pid && isCollector(owner)) {
    throw new StartError(
      `Signalbox already runs on ${folder} (process ${owner}). Stop it first, or set SIGNALBOX_DATA_DIR to another folder.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/** Process ids are used again, so an owner must also look like a collector where that can be seen. */
function isCollector(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || /node|signalbox/.test(readFileSync(commandLine, 'utf8'));
}
