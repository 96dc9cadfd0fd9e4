import { t } from '@grafana/i18n';
import { config } from '@grafana/runtime';
import { Button, useTheme2 } from '@grafana/ui';
import { useState } from 'react';
import { controlFor, createBrowserApi, openOnce } from '../client/browser-client.ts';
import { heldWords, policyWords } from '../control/PolicyNote.tsx';
import { formatDuration } from '../shared/format.ts';
import { statusColor, statusGlyph } from '../shared/event-look.ts';
import { Glyph } from '../shared/Glyph.tsx';
import { renewSession } from '../shared/renew-session.ts';
import { pageTimeZone } from './page-time-zone.ts';
import { type StepResult, testConnection, type TestStep } from './connection-test.ts';

/** Tries the saved settings the way the pages use them: through Grafana's proxy. */
export function ConnectionTest() {
  const [results, setResults] = useState<StepResult[] | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    const base = `${config.appSubUrl ?? ''}/api/plugin-proxy/signalbox-agents-app`;
    setResults([]);
    setBusy(true);
    const ports = {
      api: createBrowserApi(base, renewSession),
      openStream: () => openOnce(`${base}/ws/events`),
      policy: () => readPolicy(base),
      now: Date.now,
    };
    await testConnection(ports, (result) => setResults((known) => [...(known ?? []), result]));
    setBusy(false);
  };
  return (
    <div>
      <Button variant="secondary" disabled={busy} onClick={() => void run()}>
        {t('test.run', 'Test connection')}
      </Button>
      <p style={{ marginTop: 8 }}>{t('test.saved-only', 'Tests what is saved.')}</p>
      <ol style={{ listStyle: 'none' }} aria-live="polite">
        {results?.map((result) => (
          <StepLine key={result.step} result={result} />
        ))}
      </ol>
    </div>
  );
}

async function readPolicy(base: string): Promise<string | null> {
  const policy = await controlFor(base, renewSession).api.policy();
  if (policy === null) return null;
  const timeZone = pageTimeZone();
  if (policy.problem !== null) throw new Error(`${policy.problem} ${heldWords(policy.since, timeZone)}`);
  return policyWords(policy, timeZone);
}

function StepLine({ result }: { result: StepResult }) {
  const theme = useTheme2();
  const status = { ok: 'completed', failed: 'error', skipped: 'cancelled' }[result.outcome];
  const word = {
    ok: t('test.ok', 'OK'),
    failed: t('test.failed', 'Failed'),
    skipped: t('test.skipped', 'Skipped'),
  }[result.outcome];
  return (
    <li style={{ padding: '4px 0' }}>
      <span
        style={{
          display: 'inline-flex',
          verticalAlign: 'top',
          alignItems: 'center',
          gap: 8,
          color: statusColor(status, theme),
        }}
      >
        <Glyph name={statusGlyph(status)} />
        {word}
      </span>{' '}
      {stepName(result.step)}
      {result.outcome === 'ok' ? ` · ${formatDuration(result.ms)}` : ''}
      {result.detail ? ` · ${result.detail}` : ''}
      {result.outcome === 'failed' ? (
        <div style={{ color: theme.colors.text.secondary }}>{remedy(result.step)}</div>
      ) : null}
    </li>
  );
}

function stepName(step: TestStep): string {
  const names = {
    reach: () => t('test.reach', 'Reach the collector'),
    key: () => t('test.key', 'Read key accepted'),
    version: () => t('test.version', 'Version fits this plugin'),
    database: () => t('test.database', 'Collector reaches its database'),
    events: () => t('test.events', 'Read events'),
    stream: () => t('test.stream', 'Open the live stream through Grafana'),
    policy: () => t('test.policy', 'Policy of approvals'),
  };
  return names[step]();
}

function remedy(step: TestStep): string {
  const remedies = {
    reach: () => t('test.reach-remedy', 'Check the collector URL: Grafana’s server must reach it, not this browser.'),
    key: () => t('test.key-remedy', 'Enter the value of SIGNALBOX_READ_KEY of the collector and save.'),
    version: () => t('test.version-remedy', 'Update the collector.'),
    database: () => t('test.database-remedy', 'Check DATABASE_URL of the collector and its log.'),
    events: () => t('test.events-remedy', 'Look into the log of the collector.'),
    stream: () => t('test.stream-remedy', 'A proxy before Grafana may not let WebSocket connections through.'),
    policy: () => t('test.policy-remedy', 'Correct the policy file of the collector; it is then taken over by itself.'),
  };
  return remedies[step]();
}
