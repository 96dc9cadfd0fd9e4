import { type z } from 'zod';
import { ProblemError } from '../problem.ts';

/** Says which parameter is wrong and what it must be. */
export function badParameter(name: string, expected: string): ProblemError {
  return new ProblemError(400, 'invalid_request', `The parameter "${name}" must be ${expected}.`);
}

/** The query of a request's URL. */
export function queryOf(url: string | undefined): URLSearchParams {
  return new URL(url ?? '/', 'http://localhost').searchParams;
}

/** The parameters a schema knows; others are ignored, and an empty one counts as absent. */
export function readQuery<Schema extends z.ZodObject>(schema: Schema, query: URLSearchParams): z.output<Schema> {
  const raw: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const value = rawValue(kindOf(field as z.core.$ZodType), query, name);
    if (value !== undefined) raw[name] = value;
  }
  return checked(schema, raw);
}

/** The parameters of a path. */
export function readParams<Schema extends z.ZodObject>(schema: Schema, params: object): z.output<Schema> {
  return checked(schema, params);
}

function checked<Schema extends z.ZodObject>(schema: Schema, raw: object): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badParameter(String(issue?.path[0] ?? '?'), issue?.message ?? 'as documented');
}

/** What a parameter is before anything is made of it. */
function kindOf(field: z.core.$ZodType): string {
  let schema = field;
  for (;;) {
    const def = schema._zod.def as { type: string; in?: z.core.$ZodType; innerType?: z.core.$ZodType };
    const inner = def.in ?? def.innerType;
    if (inner === undefined) return def.type;
    schema = inner;
  }
}

function rawValue(kind: string, query: URLSearchParams, name: string): unknown {
  if (kind === 'array') {
    const values = query
      .getAll(name)
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '');
    return values.length === 0 ? undefined : values;
  }
  const value = query.get(name) ?? '';
  if (value === '') return undefined;
  return kind === 'number' ? Number(value) : value;
}
