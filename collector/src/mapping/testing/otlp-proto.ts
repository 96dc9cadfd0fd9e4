import protobuf from 'protobufjs';

/** The fields of opentelemetry-proto that the recorded bodies use. */
const OTLP = `
syntax = "proto3";
message AnyValue {
  oneof value {
    string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4;
    ArrayValue arrayValue = 5; KeyValueList kvlistValue = 6; bytes bytesValue = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Event { fixed64 timeUnixNano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Status { string message = 2; int32 code = 3; }
message Span {
  bytes traceId = 1; bytes spanId = 2; bytes parentSpanId = 4; string name = 5; int32 kind = 6;
  fixed64 startTimeUnixNano = 7; fixed64 endTimeUnixNano = 8; repeated KeyValue attributes = 9;
  repeated Event events = 11; Status status = 15;
}
message LogRecord {
  fixed64 timeUnixNano = 1; int32 severityNumber = 2; string severityText = 3; AnyValue body = 5;
  repeated KeyValue attributes = 6; bytes traceId = 9; bytes spanId = 10; fixed64 observedTimeUnixNano = 11;
  string eventName = 12;
}
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message ScopeLogs { Scope scope = 1; repeated LogRecord logRecords = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scopeSpans = 2; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scopeLogs = 2; }
message TraceRequest { repeated ResourceSpans resourceSpans = 1; }
message LogRequest { repeated ResourceLogs resourceLogs = 1; }
`;

const { root } = protobuf.parse(OTLP, { keepCase: true });

/** Decodes an OTLP protobuf body into the shape of OTLP JSON, ids as hex. */
export function protobufToJson(bytes: Uint8Array, signal: 'traces' | 'logs'): unknown {
  const type = root.lookupType(signal === 'traces' ? 'TraceRequest' : 'LogRequest');
  const plain: unknown = type.toObject(type.decode(bytes), { longs: String, bytes: String });
  return withHexIds(plain);
}

function withHexIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHexIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      /^(traceId|spanId|parentSpanId)$/.test(key) && typeof inner === 'string'
        ? Buffer.from(inner, 'base64').toString('hex')
        : withHexIds(inner),
    ]),
  );
}
