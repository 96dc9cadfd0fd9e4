import { SETTINGS } from './settings.ts';

/** Text of `--help`. */
export function helpText(version: string): string {
  const settings = SETTINGS.map(
    ({ name, whenUnset, description }) => `  ${name}\n      ${description}\n      Unset: ${whenUnset}.`,
  );
  return `Signalbox ${version}: watch, approve and stop AI agents from Grafana.

Usage: signalbox [options]          (in the repository: npm start -- [options])
       signalbox <command>

Commands:
  audit verify    Check the chain of the audit: changes, gaps and cuts. Ends with 1 when it finds any.
  remap --since <7d | time> [--dry-run]
                  Derive events again by the rules of this version from the telemetry stored since then, and write
                  what differs; a collector may go on running. --dry-run only prints what would change.

Options:
  --demo          Also play recorded agent runs, over and over, marked as demo.
  --json          Print the addresses as one JSON line instead of text.
  --check-config  Check the settings and stop.
  --version       Print the version.
  --help          Print this.

Examples:
  npm start
  npm run demo
  SIGNALBOX_API_PORT=8080 npm start
  DATABASE_URL=postgresql://signalbox:secret@db:5432/signalbox npm start

Settings (environment variables):
${settings.join('\n')}
`;
}

/** The settings as the Markdown table of the README. */
export function settingsTable(): string {
  const rows = SETTINGS.map(({ name, whenUnset, description }) => `| \`${name}\` | ${whenUnset} | ${description} |`);
  return ['| Variable | Unset | What it does |', '|---|---|---|', ...rows].join('\n');
}
