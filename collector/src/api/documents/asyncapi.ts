import { z } from 'zod';
import { eventFilter, text } from '../routing/parameters.ts';
import { eventsFrame, helloFrame, resyncFrame } from '../schemas/live.ts';
import { components } from '../schemas/model.ts';
import { componentSchemas, schemaOf } from './json-schema.ts';

const FRAMES = {
  hello: { schema: helloFrame, summary: 'First frame: where the stream stands.' },
  events: { schema: eventsFrame, summary: 'Rows in cursor order; without rows it only moves the cursor.' },
  resync: { schema: resyncFrame, summary: 'The cursor cannot be continued: load history again, then reconnect.' },
} as const;

/** The AsyncAPI 3.0 document of the sockets. */
export function asyncApiDocument(version: string): Record<string, unknown> {
  const query = z.object({
    ...eventFilter,
    cursor: z.exactOptional(text).describe('Cursor of an earlier frame; without it the stream begins now.'),
  });
  const messages = Object.entries(FRAMES);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Signalbox live stream', version, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    channels: {
      events: {
        address: '/ws/events',
        description: 'Live events. The client answers nothing but pings; the credential is that of the REST API.',
        messages: Object.fromEntries(messages.map(([name]) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { ws: { method: 'GET', query: schemaOf(query, components), bindingVersion: '0.1.0' } },
      },
    },
    operations: {
      sendEvents: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: 'What the collector sends.',
        messages: messages.map(([name]) => ({ $ref: `#/channels/events/messages/${name}` })),
      },
    },
    components: {
      messages: Object.fromEntries(
        messages.map(([name, { schema, summary }]) => [name, { name, summary, payload: schemaOf(schema, components) }]),
      ),
      schemas: componentSchemas(components),
    },
  };
}
