import type { AuditEntry } from '@signalbox/event-model';
import type { Response } from 'express';
import { z } from 'zod';
import type { Control } from '../control-port.ts';
import { choice, limit } from '../routing/parameters.ts';
import { route, SENT, type Route } from '../routing/route.ts';
import { auditPage } from '../schemas/control.ts';

const EXPORT_PAGE = 1000;
const CURSOR_EXPECTED = 'a "nextCursor" of an earlier answer';
const cursor = z
  .string()
  .regex(/^\d{1,15}$/, { error: CURSOR_EXPECTED })
  .transform(Number);

/** The audit: a page as JSON, or everything as JSON lines or CSV. */
export function auditRoutes(control: Control): Route[] {
  return [
    route({
      path: '/api/audit',
      id: 'getAudit',
      tag: 'Control',
      summary: 'The record of what people did, hash-chained; a page, or all of it in another format.',
      access: 'admin',
      query: z.object({
        format: choice(['json', 'jsonl', 'csv']).default('json'),
        limit,
        cursor: z.exactOptional(cursor),
      }),
      answer: {
        status: 200,
        description: 'A page of entries.',
        schema: auditPage,
        otherTypes: ['application/x-ndjson', 'text/csv'],
      },
      async handle({ query, response }) {
        if (query.format !== 'json') {
          await exportAudit(response, control, query.format);
          return SENT;
        }
        const entries = await control.auditPage(query.cursor ?? 0, query.limit);
        return { entries, nextCursor: entries.length === query.limit ? String(entries.at(-1)?.seq) : null };
      },
    }),
  ];
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
