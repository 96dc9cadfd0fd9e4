// Writes .env for docker compose: random secrets, kept if the file is there already.
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const file = path.join(path.dirname(import.meta.dirname), '.env');
const names = [
  'POSTGRES_PASSWORD',
  'REDIS_PASSWORD',
  'SIGNALBOX_INGEST_KEY',
  'SIGNALBOX_READ_KEY',
  'SIGNALBOX_PROXY_SECRET',
  'SIGNALBOX_ADMIN_PASSWORD',
  'GRAFANA_ADMIN_PASSWORD',
];

if (existsSync(file)) {
  console.log('.env is there already; delete it to make new secrets.');
} else {
  const lines = names.map((name) => `${name}=${randomBytes(24).toString('hex')}`);
  writeFileSync(file, `${lines.join('\n')}\nGRAFANA_ROOT_URL=http://localhost:3000/\n`, { mode: 0o600 });
  console.log('.env written. Next: docker compose up -d');
}
