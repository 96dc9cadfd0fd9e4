// Prints the stored log records of one trace as JSON: `log-rows.mjs <collector/package.json> <database> <trace id>`.
import { createRequire } from 'node:module';

const [collectorPackage, database, traceId] = process.argv.slice(2);
const { Client } = createRequire(collectorPackage)('pg');
const client = new Client(database);
await client.connect();
const { rows } = await client.query(
  "select span_id, event_name, attributes from log_records where replace(run_id::text, '-', '') = $1 order by time_ns",
  [traceId],
);
await client.end();
console.log(JSON.stringify(rows));
