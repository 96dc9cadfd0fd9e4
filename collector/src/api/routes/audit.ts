import type { AuditEntry, AuditPage } from '@signalbox/event-model';
import { Router, type Response } from 'express';
import { askerOf } from '../asker.ts';
import type { Control } from '../control-port.ts';
import { ProblemError } from '../problem.ts';
import { limitOf, queryOf, textOf } from '../query.ts';

const EXPORT_PAGE = 1000;

/** `GET /api/audit`: a page as JSON, or everything with `?format=jsonl` or `?format=csv`. Admins only. */
export function auditRoutes(control: Control): Router {
  const router = Router();
  router.get('/audit', async (request, response) => {
    if (askerOf(request).role !== 'Admin')
      throw new ProblemError(403, 'not_allowed', 'Only administrators may read the audit.');
    const query = queryOf(request.url);
    const format = textOf(query, 'format') ?? 'json';
    if (format === 'jsonl' || format === 'csv') return exportAudit(response, control, format);
    if (format !== 'json') throw new ProblemError(400, 'invalid_request', 'format: json, jsonl or csv.');
    const limit = limitOf(query);
    const after = Number(textOf(query, 'cursor') ?? '0');
    if (!Number.isSafeInteger(after) || after < 0)
      throw new ProblemError(400, 'invalid_request', 'The cursor is not one of ours.');
    const entries = await control.auditPage(after, limit);
    const page: AuditPage = { entries, nextCursor: entries.length === limit ? String(entries.at(-1)?.seq) : null };
    response.json(page);
  });
  return router;
}

async function exportAudit(response: Response, control: Control, format: 'jsonl' | 'csv'): Promise<void> {
  response.type(format === 'csv' ? 'text/csv' : 'application/x-ndjson');
  response.setHeader('Content-Disposition', `attachment; filename="signalbox-audit.${format}"`);
  if (format === 'csv') response.write(`${COLUMNS.join(',')}\r\n`);
  for (let after = 0; ;) {
    const entries = await control.auditPage(after, EXPORT_PAGE);
    response.write(entries.map(format === 'csv' ? csvLine : (entry) => `${JSON.stringify(entry)}\n`).join(''));
    if (entries.length < EXPORT_PAGE) break;
    after = entries.at(-1)?.seq ?? after;
  }
  response.end();
}

const COLUMNS = ['seq', 'at', 'login', 'name', 'via', 'action', 'subject', 'reason', 'detail', 'previousHash', 'hash'];

function csvLine(entry: AuditEntry): string {
  const { seq, at, actor, action, subject, reason, detail, previousHash, hash } = entry;
  const cells = [
    seq,
    at,
    actor.login,
    actor.name,
    actor.via,
    action,
    subject,
    reason ?? '',
    detail,
    previousHash,
    hash,
  ];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Quoted; what a spreadsheet would take for a formula gets an apostrophe, control characters go. */
function csvCell(value: string | number | object): string {
  const text = (typeof value === 'object' ? JSON.stringify(value) : String(value)).replace(/[\p{Cc}]/gu, ' ');
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
