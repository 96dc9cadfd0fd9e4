import type { Position } from './event-log.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_XID = 18_446_744_073_709_551_615n;

/** A position as clients hold it: opaque, and void on any other database. */
export function encodeCursor(epoch: string, position: Position): string {
  return Buffer.from(`${epoch}.${position.xid}.${position.id}`).toString('base64url');
}

/** Reads a cursor back; undefined when it is none of ours or of another database. */
export function decodeCursor(epoch: string, cursor: string): Position | undefined {
  const [of, xid, id, rest] = Buffer.from(cursor, 'base64url').toString('utf8').split('.');
  if (of !== epoch || rest !== undefined || xid === undefined || id === undefined) return undefined;
  if (!/^\d{1,20}$/.test(xid) || !UUID.test(id)) return undefined;
  const number = BigInt(xid);
  return number > MAX_XID ? undefined : { xid: number, id };
}
