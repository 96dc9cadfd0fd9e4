import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import { ProblemError } from './problem.ts';

/** Reads a JSON body of at most 256 KiB. */
export const jsonBody: RequestHandler = express.json({ limit: '256kb', strict: true });

/** The body as a schema wants it; a problem that names the field otherwise. */
export function bodyOf<T>(request: Request, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the body';
  throw new ProblemError(400, 'invalid_request', `${where}: ${issue?.message ?? 'not as expected'}`);
}
