import { parse, type Type } from 'protobufjs';

// The part of opentelemetry-proto trace/v1 that a trace request uses, for the yardstick reader and to make payloads.
const PROTO = `
syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  repeated Event events = 11; repeated Link links = 13; Status status = 15; fixed32 flags = 16;
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; }
}
message Status { string message = 2; int32 code = 3; }
`;

/** protobufjs type of `ExportTraceServiceRequest`; it compiles its decoder to code at the first use, as static modules do. */
export function traceRequestType(): Type {
  return parse(PROTO).root.lookupType('ExportTraceServiceRequest');
}

/** One request of `spans` agent spans: 12 attributes and 1 event each, a prompt of 2 KB, about 2.7 KB a span. */
export function traceRequestBytes(type: Type, spans: number): Uint8Array {
  const request = {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'price-agents'), text('service.version', '1.0.0')] },
        scopeSpans: [
          { scope: { name: 'bench', version: '1.0.0' }, spans: Array.from({ length: spans }, (_, at) => span(at)) },
        ],
      },
    ],
  };
  return type.encode(type.fromObject(request)).finish();
}

interface JsonRequest {
  resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
}

/** The protobuf form of an OTLP/JSON trace request. */
export function toProtobuf(type: Type, json: string): Uint8Array<ArrayBuffer> {
  const request = JSON.parse(json) as JsonRequest;
  const scopes = request.resourceSpans.flatMap((resource) => resource.scopeSpans);
  for (const span of scopes.flatMap((scope) => scope.spans)) toBinaryFields(span);
  return new Uint8Array(type.encode(type.fromObject(request)).finish());
}

function toBinaryFields(span: Record<string, unknown>): void {
  for (const id of ['traceId', 'spanId', 'parentSpanId']) {
    if (typeof span[id] === 'string') span[id] = Buffer.from(span[id], 'hex');
  }
  for (const time of ['startTimeUnixNano', 'endTimeUnixNano']) span[time] = nanos(BigInt(span[time] as string));
}

function nanos(ns: bigint): { low: number; high: number; unsigned: boolean } {
  return { low: Number(BigInt.asIntN(32, ns)), high: Number(ns >> 32n), unsigned: true };
}

const SENTENCES = [
  'You are a careful assistant that compares the prices of three suppliers before it recommends one of them.',
  'Read the offer below, name the total with shipping, and say which clause of the contract allows a later change.',
  'When a figure is missing, ask for it instead of guessing; a wrong total costs more than another question.',
  'The customer has ordered from the second supplier before and was content with everything except the delay.',
];

function span(at: number): object {
  const startNs = 1_795_213_825_474_000_000n + BigInt(at) * 1_000_003n;
  return {
    traceId: id(16, at >> 4),
    spanId: id(8, at + 1),
    parentSpanId: id(8, (at >> 1) + 1),
    name: 'chat qwen3-coder:30b',
    kind: 3,
    startTimeUnixNano: nanos(startNs),
    endTimeUnixNano: nanos(startNs + 1_234_567n),
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', 'ollama'),
      text('gen_ai.request.model', 'qwen3-coder:30b'),
      text('gen_ai.response.model', 'qwen3-coder:30b'),
      text('gen_ai.agent.name', `worker-${at % 7}`),
      text('gen_ai.conversation.id', `conversation-${at >> 4}`),
      text('gen_ai.response.id', `response-${at}`),
      { key: 'gen_ai.request.temperature', value: { doubleValue: 0.2 } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: 512 + at } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: 96 + at } },
      { key: 'gen_ai.response.finish_reasons', value: { arrayValue: { values: [{ stringValue: 'stop' }] } } },
      text('gen_ai.input.messages', prompt(at)),
    ],
    events: [
      { timeUnixNano: nanos(startNs + 1000n), name: 'first token', attributes: [text('gen_ai.token.type', 'output')] },
    ],
    status: { code: 1 },
  };
}

function prompt(at: number): string {
  let content = '';
  for (let next = at; content.length < 1990; next++) content += `${SENTENCES[next % SENTENCES.length]} `;
  return JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]);
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function id(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = (Math.imul(seed + 1, 2_654_435_761) >>> ((at % 4) << 3)) + at * 31;
  bytes[0] = 1;
  return bytes;
}
