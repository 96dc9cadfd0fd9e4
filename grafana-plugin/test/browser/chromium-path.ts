import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The package unpacks its browser, and on this request the libraries a bare machine lacks, into the temporary folder. */
const UNPACK = `
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  console.log(JSON.stringify({ path: await chromium.executablePath(), libraries: process.env.LD_LIBRARY_PATH }));
`;

/** A Chromium and what it needs in its environment. */
export interface Chromium {
  path: string;
  libraries: string | undefined;
}

/** `CHROMIUM_PATH`, else an installed browser, else the one that npm brought. */
export function findChromium(): Chromium {
  const chosen = process.env.CHROMIUM_PATH ?? INSTALLED.find((path) => existsSync(path));
  if (chosen !== undefined) return { path: chosen, libraries: undefined };
  // In a process of its own: the package is an ES module, which the test runner cannot import.
  const answer = execFileSync(process.execPath, ['--input-type=module', '-e', UNPACK], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  return JSON.parse(answer) as Chromium;
}
