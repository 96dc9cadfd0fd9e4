import { z } from 'zod';
import { asyncApiDocument } from '../documents/asyncapi.ts';
import { openApiDocument } from '../documents/openapi.ts';
import { route, type Route } from '../routing/route.ts';

const document = z.record(z.string(), z.unknown());

/** The descriptions of this API, made from the table it is served from. */
export function documentRoutes(table: () => readonly Route[], version: () => string): Route[] {
  // Both are the same for as long as the collector runs.
  let openApi: Record<string, unknown> | undefined;
  let asyncApi: Record<string, unknown> | undefined;
  return [
    route({
      path: '/openapi.json',
      id: 'getOpenApi',
      tag: 'Collector',
      summary: 'This API as OpenAPI 3.1.',
      access: 'reader',
      answer: document,
      handle: () => (openApi ??= openApiDocument(table(), version())),
    }),
    route({
      path: '/asyncapi.json',
      id: 'getAsyncApi',
      tag: 'Collector',
      summary: 'The WebSocket streams as AsyncAPI 3.0.',
      access: 'reader',
      answer: document,
      handle: () => (asyncApi ??= asyncApiDocument(version())),
    }),
  ];
}
