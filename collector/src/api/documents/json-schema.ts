import { z } from 'zod';

const PLACE = '#/components/schemas/';
type Named = z.core.$ZodRegistry<{ id: string }>;
type Schema = Record<string, unknown>;

/** What a value that is sent must look like; members not named are allowed, so that answers can grow. */
const OPTIONS = { io: 'input', unrepresentable: 'any' } as const;

/** All named schemas, for `components`. */
export function componentSchemas(named: Named): Record<string, Schema> {
  const { schemas } = z.toJSONSchema(named, { ...OPTIONS, uri: (id) => `${PLACE}${id}` });
  const shared = (schemas['__shared'] as { $defs?: Record<string, Schema> } | undefined)?.$defs ?? {};
  const all = { ...schemas, ...shared } as Record<string, Schema>;
  delete all['__shared'];
  return Object.fromEntries(Object.entries(all).map(([id, schema]) => [id, bare(schema)]));
}

/** One schema where it is used: a reference where it has a name or is made of named ones. */
export function schemaOf(schema: z.ZodType, named: Named): Schema {
  const id = named.get(schema)?.id;
  if (id !== undefined) return { $ref: `${PLACE}${id}` };
  const used = z.registry<{ id: string }>();
  for (const [each, { id: name }] of named._map as Map<z.core.$ZodType, { id: string }>) used.add(each, { id: name });
  used.add(schema, { id: HERE });
  const { schemas } = z.toJSONSchema(used, { ...OPTIONS, uri: (name) => `${PLACE}${name}` });
  return bare(schemas[HERE] as Schema);
}

const HERE = '__here';

/** Without what only stands in documents of their own, and with shared definitions where the components are. */
function bare(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll(`${PLACE}__shared#/$defs/`, PLACE);
  const plain = JSON.parse(text) as Schema;
  delete plain['$schema'];
  delete plain['$id'];
  return plain;
}
