import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageFolder, pluginOutput } from './paths.ts';

/** What the placeholders in plugin.json and the README stand for. */
export interface PluginIdentity {
  id: string;
  version: string;
  /** Calendar day of the build, `YYYY-MM-DD`. */
  today: string;
}

const source = path.join(packageFolder, 'src');

/** Copies what Grafana reads beside the bundles: manifests, pictures, texts, translations. */
export function copyPluginFiles(identity: PluginIdentity): void {
  const manifests = globSync('**/plugin.json', { cwd: source });
  for (const manifest of manifests) {
    writeFilled(path.join(source, manifest), path.join(pluginOutput, manifest), identity);
    copyTranslations(manifest);
  }
  for (const picture of globSync('**/img/*.{svg,png}', { cwd: source })) {
    cpSync(path.join(source, picture), path.join(pluginOutput, picture));
  }
  for (const text of ['README.md', 'CHANGELOG.md']) {
    writeFilled(path.join(packageFolder, text), path.join(pluginOutput, text), identity);
  }
  cpSync(path.join(path.dirname(packageFolder), 'LICENSE'), path.join(pluginOutput, 'LICENSE'));
}

function writeFilled(from: string, to: string, identity: PluginIdentity): void {
  const text = readFileSync(from, 'utf8')
    .replaceAll('%PLUGIN_ID%', identity.id)
    .replaceAll('%VERSION%', identity.version)
    .replaceAll('%TODAY%', identity.today);
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, text);
}

/** Grafana looks for `locales/<language>/<id>.json` below every plugin, nested ones included. */
function copyTranslations(manifest: string): void {
  const { id, languages } = JSON.parse(readFileSync(path.join(source, manifest), 'utf8')) as {
    id: string;
    languages: string[];
  };
  for (const language of languages.filter((name) => name !== 'en-US')) {
    const from = path.join(source, 'locales', language, 'signalbox.json');
    if (!existsSync(from)) throw new Error(`${manifest} names the language ${language}, but ${from} is missing`);
    const to = path.join(pluginOutput, path.dirname(manifest), 'locales', language, `${id}.json`);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(from, to);
  }
}
