import { z } from 'zod';
import { AGENT_FRAMES } from '../../control/agent-frames.ts';
import { eventFilter, text } from '../routing/parameters.ts';
import { AGENT_DOWN_FRAMES } from '../schemas/agent-link.ts';
import { eventsFrame, helloFrame, resyncFrame } from '../schemas/live.ts';
import { components } from '../schemas/model.ts';
import { componentSchemas, schemaOf } from './json-schema.ts';

interface Message {
  schema: z.ZodType;
  summary: string;
}

const LIVE: Record<string, Message> = {
  hello: { schema: helloFrame, summary: 'First frame: where the stream stands.' },
  events: { schema: eventsFrame, summary: 'Rows in cursor order; without rows it only moves the cursor.' },
  resync: { schema: resyncFrame, summary: 'The cursor cannot be continued: load history again, then reconnect.' },
};

/** Names of messages are those of their frames; both sockets have a hello. */
const FROM_AGENT: Record<string, Message> = {
  'agent.hello': { schema: AGENT_FRAMES.hello, summary: 'First frame of an agent: who it is and what it can do.' },
  'agent.heartbeat': { schema: AGENT_FRAMES.heartbeat, summary: 'Keeps the agent online.' },
  'agent.run': { schema: AGENT_FRAMES.run, summary: 'A run the agent works on: orders for it come here.' },
  'agent.approval.request': {
    schema: AGENT_FRAMES['approval.request'],
    summary: 'An action that waits for a person. The same id again is the same request.',
  },
  'agent.approval.withdraw': { schema: AGENT_FRAMES['approval.withdraw'], summary: 'The agent no longer waits.' },
  'agent.command.report': { schema: AGENT_FRAMES['command.report'], summary: 'What became of an order at the agent.' },
};

const TO_AGENT: Record<string, Message> = {
  'agent.welcome': { schema: AGENT_DOWN_FRAMES.welcome, summary: 'Answer to the hello.' },
  'agent.approval.stored': {
    schema: AGENT_DOWN_FRAMES['approval.stored'],
    summary: 'The request is stored; its decision comes even if the link breaks.',
  },
  'agent.command': { schema: AGENT_DOWN_FRAMES.command, summary: 'An order, sent again until it was reported.' },
  'agent.problem': { schema: AGENT_DOWN_FRAMES.problem, summary: 'A frame the collector could not take.' },
};

/** The AsyncAPI 3.0 document of the sockets. */
export function asyncApiDocument(version: string): Record<string, unknown> {
  return {
    asyncapi: '3.0.0',
    info: { title: 'Signalbox sockets', version, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    channels: { events: liveChannel(), agent: agentChannel() },
    operations: {
      sendEvents: operation('send', 'events', LIVE, 'What readers get.'),
      receiveFromAgent: operation('receive', 'agent', FROM_AGENT, 'What an agent says.'),
      sendToAgent: operation('send', 'agent', TO_AGENT, 'What an agent is told.'),
    },
    components: {
      messages: Object.fromEntries(
        Object.entries({ ...LIVE, ...FROM_AGENT, ...TO_AGENT }).map(([name, { schema, summary }]) => [
          name,
          { name, summary, payload: schemaOf(schema, components) },
        ]),
      ),
      schemas: componentSchemas(components),
    },
  };
}

function liveChannel() {
  const query = z.object({
    ...eventFilter,
    cursor: z.exactOptional(text).describe('Cursor of an earlier frame; without it the stream begins now.'),
  });
  return {
    address: '/ws/events',
    description: 'Live events. The client answers nothing but pings; the credential is that of the REST API.',
    messages: refs(LIVE, '#/components/messages/'),
    bindings: { ws: { method: 'GET', query: schemaOf(query, components), bindingVersion: '0.1.0' } },
  };
}

function agentChannel() {
  return {
    address: '/agent',
    description:
      'The agent link: an agent dials it with an ingest key (`authorization: Bearer` or `x-api-key`) and says hello. The same frames go over the Redis bus.',
    messages: refs({ ...FROM_AGENT, ...TO_AGENT }, '#/components/messages/'),
    bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
  };
}

function operation(action: 'send' | 'receive', channel: string, messages: Record<string, Message>, summary: string) {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: Object.values(refs(messages, `#/channels/${channel}/messages/`)),
  };
}

function refs(messages: Record<string, Message>, at: string): Record<string, { $ref: string }> {
  return Object.fromEntries(Object.keys(messages).map((name) => [name, { $ref: `${at}${name}` }]));
}
