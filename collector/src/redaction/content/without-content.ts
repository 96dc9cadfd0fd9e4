import { Attributes, type AttributeValue } from '../../telemetry/attributes.ts';
import { NOT_KEPT } from '../../telemetry/not-captured.ts';
import type { LogRecord, Scope, SpanRecord, TelemetryBatch } from '../../telemetry/records.ts';
import { skeletonOf, skeletonOfText } from './json-skeleton.ts';

/** Longest text kept under a name nobody knows: an identifier, hardly a body. */
const LONGEST_UNKNOWN = 256;

// Names of the conventions whose bodies do not end in a telling word.
const BODIES =
  /^(?:gen_ai\.(?:prompt|completion|system_instructions|tool\.definitions)|llm\.(?:input_messages|output_messages|prompts?|completions?|prompt_template|tools|invocation_parameters)|ai\.(?:prompt|response\.(?:text|object|toolCalls|reasoning|files)|toolCall\.(?:args|result)|result|values?|schema|settings)|traceloop\.(?:entity|prompt)|gcp\.vertex\.agent\.(?:llm_request|llm_response|tool_call_args|tool_response|data)|pydantic_ai\.|langsmith\.(?:trace\.)?(?:inputs|outputs|metadata)|retrieval\.|embedding\.|reranker\.|exception\.(?:message|stacktrace)|logfire\.(?:msg|msg_template|json_schema)|signalbox\.(?:plan|task|version|prediction)\.)/;
const BODY_WORD =
  /(?:^|[._-])(?:prompts?|completions?|messages?|contents?|text|body|delta|inputs?|outputs?|arguments|args|parameters|results?|responses?|answers?|questions?|query|documents?|values?|data|explanation|description|instructions?|feedback|reason|reasoning|stacktrace|stack|error|msg|summary|title|note|thought|comment|command|objective|goal|url|query_string)$/i;
const NUMBER = /^-?\d{1,20}(?:\.\d{1,20})?$/;
const MEMBER_OF_MESSAGE = /\.(?:role|name|id|type|finish_reason|tool_call\.id|tool_call\.function\.name)$/;
// Values of these are words of a vocabulary, whatever their names end in.
const VOCABULARY = /(?:^|\.)(?:response|error)\.(?:model|id|type)$|\.mime_?type$|^error\.type$/;

/**
 * A batch without what was said: prompts, answers, arguments, results, log bodies, error texts, and every long text
 * under an unknown name. What remains tells who did what, when, with which tool and at what cost.
 */
export function withoutContent(batch: TelemetryBatch): TelemetryBatch {
  return {
    spans: batch.spans.map((span) => ({ ...spanWithout(span), ...originWithout(span) })),
    logs: batch.logs.map((log) => ({ ...logWithout(log), ...originWithout(log) })),
    metrics: batch.metrics.map((point) => ({
      ...point,
      attributes: attributesWithout(point.attributes),
      ...originWithout(point),
    })),
  };
}

function spanWithout(span: SpanRecord): SpanRecord {
  return {
    ...span,
    name: short(span.name),
    statusMessage: span.statusMessage === '' ? '' : NOT_KEPT,
    attributes: attributesWithout(span.attributes),
    events: span.events.map((event) => ({
      ...event,
      name: short(event.name),
      attributes: attributesWithout(event.attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: attributesWithout(link.attributes) })),
  };
}

function logWithout(log: LogRecord): LogRecord {
  return {
    ...log,
    eventName: short(log.eventName),
    severityText: short(log.severityText),
    body: blanked(log.body),
    attributes: attributesWithout(log.attributes),
  };
}

function originWithout({ scope, resource }: { scope: Scope; resource: Attributes }) {
  return {
    scope: { ...scope, attributes: attributesWithout(scope.attributes) },
    resource: attributesWithout(resource),
  };
}

function attributesWithout(given: Attributes): Attributes {
  return new Attributes(
    given.keys.map(short),
    given.values.map((value, at) => valueWithout(given.keys[at] ?? '', value)),
  );
}

function valueWithout(key: string, value: AttributeValue): AttributeValue {
  if (isBody(key)) return blanked(value);
  if (typeof value === 'string') return short(value);
  if (value instanceof Uint8Array) return NOT_KEPT;
  if (value instanceof Attributes) return attributesWithout(value);
  return Array.isArray(value) ? value.map((member) => valueWithout(key, member)) : value;
}

function isBody(key: string): boolean {
  if (MEMBER_OF_MESSAGE.test(key) || VOCABULARY.test(key)) return false;
  return BODIES.test(key) || BODY_WORD.test(key) || (key.startsWith('mastra.') && /(?:in|out)put/.test(key));
}

function short(text: string): string {
  return text.length > LONGEST_UNKNOWN ? NOT_KEPT : text;
}

function blanked(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return value === '' || NUMBER.test(value) ? value : skeletonOfText(value);
  if (value instanceof Uint8Array) return NOT_KEPT;
  if (value instanceof Attributes) {
    return new Attributes(
      value.keys,
      value.values.map((member, at) => blankedMember(value.keys[at] ?? '', member)),
    );
  }
  return Array.isArray(value) ? value.map(blanked) : value;
}

function blankedMember(key: string, member: AttributeValue): AttributeValue {
  return typeof member === 'string' ? (skeletonOf(member, key, 1) as string) : blanked(member);
}
