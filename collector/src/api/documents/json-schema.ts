import { z } from 'zod';
import type { Components } from '../schemas/model.ts';

const PLACE = '#/components/schemas/';
const HERE = '__here';
type Schema = Record<string, unknown>;

/** All named schemas, for `components`. */
export function componentSchemas(named: Components): Record<string, Schema> {
  const { __shared: shared, ...schemas } = generate(named);
  const all = { ...schemas, ...(shared?.['$defs'] as Record<string, Schema> | undefined) };
  return Object.fromEntries(Object.entries(all).map(([id, schema]) => [id, bare(schema)]));
}

/** One schema where it is used: a reference where it has a name or is made of named ones. */
export function schemaOf(schema: z.ZodType, named: Components): Schema {
  const known = [...named].find(([, each]) => each === schema);
  if (known !== undefined) return { $ref: `${PLACE}${known[0]}` };
  return bare(generate(new Map([...named, [HERE, schema]]))[HERE] ?? {});
}

/** What a value that is sent must look like; members not named are allowed, so that answers can grow. */
function generate(named: Components): Record<string, Schema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of named) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', unrepresentable: 'any', uri: (id) => `${PLACE}${id}` });
  return schemas;
}

/** Without what only stands in documents of their own, and with shared definitions where the components are. */
function bare(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll(`${PLACE}__shared#/$defs/`, PLACE);
  const plain = JSON.parse(text) as Schema;
  delete plain['$schema'];
  delete plain['$id'];
  return plain;
}
