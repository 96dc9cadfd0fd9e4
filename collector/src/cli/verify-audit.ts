import path from 'node:path';
import type { Config } from '../config/config.ts';
import { ANCHOR_FILE, readAnchors } from '../control/audit-anchor.ts';
import { ChainCheck, type AuditFault } from '../control/audit-entry.ts';
import type { ControlStore } from '../control/control-store.ts';
import { createPostgresControlStore } from '../store/control/postgres-control-store.ts';
import { openStorageForCommand } from './open-storage.ts';

/** What a check of the audit found. */
export interface AuditVerdict {
  entries: number;
  anchors: number;
  fault: AuditFault | null;
}

/**
 * Checks the whole chain of the audit against itself and against the heads written outside the database. Stops at the
 * first fault: what follows it proves nothing.
 */
export async function checkAudit(
  store: Pick<ControlStore, 'auditEntries' | 'auditHead'>,
  anchorFile: string,
): Promise<AuditVerdict> {
  // The heads are read before the entries: whatever was anchored by then must be there.
  const anchors = readAnchors(anchorFile);
  const head = await store.auditHead();
  const check = new ChainCheck(anchors);
  let entries = 0;
  let last = { seq: 0, hash: '' };
  for await (const entry of store.auditEntries()) {
    const fault = check.next(entry);
    if (fault) return { entries, anchors: anchors.length, fault };
    entries += 1;
    last = { seq: entry.seq, hash: entry.hash };
  }
  // Entries added while the check ran stand after the head that was read first.
  const fault = check.end(last.seq > head.seq ? last : head);
  return { entries, anchors: anchors.length, fault };
}

/** `signalbox audit verify`: prints what the check found; true when nothing is wrong. */
export async function verifyAudit(
  config: Config,
  print: (line: string) => void,
  say: (text: string) => void,
): Promise<boolean> {
  const storage = await openStorageForCommand(config, say);
  try {
    const file = path.join(config.dataDir, ANCHOR_FILE);
    const verdict = await checkAudit(createPostgresControlStore(storage.database.control), file);
    const compared = `${verdict.entries} entries, ${verdict.anchors} heads in ${file}`;
    print(
      verdict.fault === null
        ? `The audit is whole: ${compared}.`
        : `The audit was tampered with: ${verdict.fault.detail}.`,
    );
    return verdict.fault === null;
  } finally {
    await storage.close();
  }
}
