import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CopyBuffer } from '../src/store/copy-binary.ts';
import type { EmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { agentRequest } from './agent-traffic.ts';
import type { Type } from 'protobufjs';
import type { BenchCollector } from './bench-collector.ts';
import { toProtobuf, traceRequestType } from './otlp-proto.ts';
import { median, type Figure } from './figures.ts';

const ROUNDS = 5;
const REQUESTS = 24;
const TRACES = 170;
const PROMPT_BYTES = 2000;
const IN_FLIGHT = 4;

/** Spans acknowledged as durable in a second, against a bare COPY of the same requests' spans in turn. */
export async function benchThroughput(collector: BenchCollector, postgres: EmbeddedPostgres): Promise<Figure[]> {
  const type = traceRequestType();
  const pipelineRates: number[] = [];
  const copyRates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const requests = Array.from({ length: REQUESTS }, () => makeRequest(type));
    pipelineRates.push(await pipelineRate(collector, requests));
    copyRates.push(await copyRate(postgres, requests));
  }
  return [
    {
      name: 'durable spans, whole path',
      ours: median(pipelineRates),
      yardstick: median(copyRates),
      unit: 'spans/s',
      note: `${TRACES * 3} spans a request, 2 KB prompts, protobuf over HTTP; yardstick: bare COPY of the same spans`,
    },
  ];
}

type Requests = ReturnType<typeof makeRequest>[];

function makeRequest(type: Type) {
  const { body, spans } = agentRequest(TRACES, PROMPT_BYTES);
  return { body, spans, bytes: toProtobuf(type, body) };
}

async function pipelineRate(collector: BenchCollector, requests: Requests): Promise<number> {
  const queue = [...requests];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const answer = await fetch(`${collector.http}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf' },
          body: next.bytes,
        });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
      }
    }),
  );
  return spansOf(requests) / ((performance.now() - started) / 1000);
}

/** One row a span: ids, times and its attributes as JSON, one commit a request. */
async function copyRate(postgres: EmbeddedPostgres, requests: Requests): Promise<number> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(
    'create table if not exists bare (trace_id uuid, span_id text, name text, attributes json, primary key (trace_id, span_id))',
  );
  const rows = requests.map(({ body }) => rowsOf(body));
  const started = performance.now();
  for (const spans of rows) {
    const copy = new CopyBuffer();
    for (const span of spans) {
      copy.row(4);
      copy.uuid(span.traceId);
      copy.text(span.spanId);
      copy.text(span.name);
      copy.text(JSON.stringify(span.attributes));
    }
    await pipeline([copy.finish()], client.query(copyFrom('copy bare from stdin (format binary)')));
  }
  const rate = spansOf(requests) / ((performance.now() - started) / 1000);
  await client.query('truncate bare');
  await client.end();
  return rate;
}

interface BareSpan {
  traceId: string;
  spanId: string;
  name: string;
  attributes: unknown;
}

function rowsOf(body: string): BareSpan[] {
  const request = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: BareSpan[] }[] }[] };
  return request.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans));
}

function spansOf(requests: Requests): number {
  return requests.reduce((sum, { spans }) => sum + spans, 0);
}
