import { z } from 'zod';
import { asFields, type Fields } from '../../../mapping/reading/coerce.ts';

const MOST_CHARACTERS = 64 * 1024;

/** What is wrong with an answer by the JSON Schema it was asked in; null when nothing is, or nobody can tell. */
export function faultBySchema(schema: Fields | null, answer: unknown): string | null {
  const compiled = compile(schema);
  if (compiled === null) return null;
  const checked = compiled.safeParse(answer);
  if (checked.success) return null;
  const [issue] = checked.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.join('.');
  return `${where}: ${issue?.message ?? 'not what was asked for'}`;
}

/** Names the schema gives to the members of an answer. */
export function membersOf(schema: Fields | null): string[] {
  return Object.keys(asFields(schema?.['properties']) ?? {});
}

function compile(schema: Fields | null): z.ZodType | null {
  if (schema === null) return null;
  const text = JSON.stringify(schema, tidied);
  if (text.length > MOST_CHARACTERS) return null;
  try {
    return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    // References to elsewhere, and what the library does not know: the agent judges for itself.
    return null;
  }
}

/**
 * A pattern from outside may take for ever on the right text; the agent checks its own. Many leave out that what has
 * properties is an object.
 */
function tidied(key: string, value: unknown): unknown {
  if ((key === 'pattern' && typeof value === 'string') || key === 'patternProperties') return undefined;
  const fields = asFields(value);
  const isObject = asFields(fields?.['properties']) !== null && fields?.['type'] === undefined;
  return isObject ? { ...fields, type: 'object' } : value;
}
