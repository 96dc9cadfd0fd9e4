import { type z } from 'zod';
import { commonProblems, PROBLEM_CODES, type ProblemCode } from '../routing/problem-codes.ts';
import type { Route } from '../routing/route.ts';
import { problem } from '../schemas/collector.ts';
import { components } from '../schemas/model.ts';
import { componentSchemas, schemaOf } from './json-schema.ts';

/** The OpenAPI 3.1 document of the route table. */
export function openApiDocument(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: '3.1.0',
    info: { title: 'Signalbox collector', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: componentSchemas(components),
      securitySchemes: {
        readKey: { type: 'http', scheme: 'bearer', description: 'SIGNALBOX_READ_KEY; reads only.' },
        session: { type: 'apiKey', in: 'cookie', name: 'signalbox_session' },
        csrf: { type: 'apiKey', in: 'header', name: 'X-Signalbox-Csrf' },
        grafanaProxy: { type: 'apiKey', in: 'header', name: 'X-Signalbox-Proxy' },
        grafanaUser: { type: 'apiKey', in: 'header', name: 'X-Grafana-Id' },
      },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  const { id, tag, summary, access, body, answer } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    'x-signalbox-access': access,
    security: securityOf(route),
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query'), ...openQuery(route)],
    ...(body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, components) } } } }),
    responses: {
      [answer.status]: { description: answer.description, ...contentOf(route) },
      ...problemResponses(route),
    },
  };
}

function securityOf({ access, method }: Route): Record<string, string[]>[] {
  if (access === 'public') return [];
  const people = [
    method === 'get' ? { session: [] } : { session: [], csrf: [] },
    { grafanaProxy: [], grafanaUser: [] },
  ] as Record<string, string[]>[];
  return access === 'reader' && method === 'get' ? [{ readKey: [] }, ...people, { grafanaProxy: [] }] : people;
}

function contentOf({ answer }: Route): { content?: Record<string, unknown> } {
  if (answer.status === 204) return {};
  const schema = schemaOf(answer.schema, components);
  const others = (answer.otherTypes ?? []).map((type) => [type, { schema: { type: 'string' } }] as const);
  return { content: { [answer.mediaType ?? 'application/json']: { schema }, ...Object.fromEntries(others) } };
}

function parametersOf(fields: z.ZodObject, place: 'path' | 'query'): Record<string, unknown>[] {
  return Object.entries(fields.shape).map(([name, field]) => {
    const { description, ...schema } = schemaOf(field as z.ZodType, components);
    const isList = schema['type'] === 'array';
    return {
      name,
      in: place,
      required: place === 'path',
      ...(description === undefined ? {} : { description }),
      ...(isList ? { style: 'form', explode: false } : {}),
      schema,
    };
  });
}

/** Parameters of free names are the members of one object. */
function openQuery({ openQuery: open }: Route): Record<string, unknown>[] {
  if (open === undefined) return [];
  const schema = {
    type: 'object',
    propertyNames: { pattern: `^${open.prefix.replaceAll('.', '\\.')}` },
    additionalProperties: { type: 'string' },
  };
  return [
    {
      name: 'labels',
      in: 'query',
      required: false,
      style: 'form',
      explode: true,
      description: open.description,
      schema,
    },
  ];
}

function problemResponses(route: Route): Record<string, unknown> {
  const isChecked =
    route.body !== null || [route.params, route.query].some(({ shape }) => Object.keys(shape).length > 0);
  const codes = [...new Set<ProblemCode>([...commonProblems({ ...route, isChecked }), ...route.problems])];
  const byStatus = Map.groupBy(codes, (code) => PROBLEM_CODES[code][0]);
  const schema = schemaOf(problem, components);
  return Object.fromEntries(
    [...byStatus].map(([status, own]) => [
      status,
      {
        description: own.map((code) => `\`${code}\`: ${PROBLEM_CODES[code][1]}`).join('\n\n'),
        'x-signalbox-codes': own,
        content: { 'application/problem+json': { schema } },
      },
    ]),
  );
}
