import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { EmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { agentRequest } from './agent-traffic.ts';
import type { Type } from 'protobufjs';
import { startBenchCollector, WITHOUT_REDACTION, type BenchCollector } from './bench-collector.ts';
import { toProtobuf, traceRequestType } from './otlp-proto.ts';
import { median, type Figure } from './figures.ts';

const ROUNDS = 5;
const REQUESTS = 24;
const TRACES = 170;
const PROMPT_BYTES = 2000;
const IN_FLIGHT = 4;

/**
 * Spans acknowledged as durable in a second, against a bare COPY of the very rows they became and against a collector that
 * redacts nothing, in turn.
 */
export async function benchThroughput(collector: BenchCollector, postgres: EmbeddedPostgres): Promise<Figure[]> {
  const type = traceRequestType();
  const pipelineRates: number[] = [];
  const copyRates: number[] = [];
  const bareRates: number[] = [];
  const bare = await startBenchCollector(postgres.url, WITHOUT_REDACTION);
  for (let round = 0; round < ROUNDS; round++) {
    const requests = Array.from({ length: REQUESTS }, () => makeRequest(type));
    pipelineRates.push(await pipelineRate(collector, requests));
    copyRates.push(await copyRate(postgres, requests));
    const others = Array.from({ length: REQUESTS }, () => makeRequest(type));
    bareRates.push(await pipelineRate(bare, others));
    await emptyTables(postgres);
  }
  await bare.stop();
  return [
    {
      name: 'durable spans, whole path',
      ours: median(pipelineRates),
      yardstick: median(copyRates),
      unit: 'spans/s',
      note: `${TRACES * 3} spans a request, 2 KB prompts, protobuf over HTTP; yardstick: bare COPY of the rows they became`,
    },
    {
      name: 'durable spans, redaction included',
      ours: median(pipelineRates),
      yardstick: median(bareRates),
      unit: 'spans/s',
      note: 'yardstick: the same traffic through a collector that redacts nothing',
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

const TABLES = ['spans', 'events', 'contents', 'runs'];

/** Copies the rows the collector just stored into tables of the same shape and indexes, and nothing else. */
async function copyRate(postgres: EmbeddedPostgres, requests: Requests): Promise<number> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  let seconds = 0;
  for (const table of TABLES) {
    const rows = await collect(client.query(copyTo(`copy (select * from ${table}) to stdout (format binary)`)));
    await client.query(`drop table if exists bare_${table}`);
    await client.query(`create table bare_${table} (like ${table} including all)`);
    const started = performance.now();
    await pipeline([rows], client.query(copyFrom(`copy bare_${table} from stdin (format binary)`)));
    seconds += (performance.now() - started) / 1000;
    await client.query(`drop table bare_${table}`);
  }
  await client.end();
  await emptyTables(postgres);
  return spansOf(requests) / seconds;
}

async function emptyTables(postgres: EmbeddedPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`truncate ${TABLES.join(', ')}, correlations`);
  await client.end();
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function spansOf(requests: Requests): number {
  return requests.reduce((sum, { spans }) => sum + spans, 0);
}
