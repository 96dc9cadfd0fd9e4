import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { copyPluginFiles } from './copy-plugin-files.ts';
import { hostConfiguration } from './host-configuration.ts';
import { hostOutput, packageFolder, pluginOutput, react19Folder, react19Output, sharedModules } from './paths.ts';
import { pluginConfiguration } from './plugin-configuration.ts';
import { runCompiler } from './run-compiler.ts';
import { writeEnglishTexts } from './english-texts.ts';

const parts: Record<string, () => Promise<void>> = {
  plugin: buildPlugin,
  host: () => runCompiler(hostConfiguration({ output: hostOutput, modules: [sharedModules] })),
  react19: buildReact19Host,
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : ['plugin', 'host']) {
  const part = parts[name];
  if (!part) throw new Error(`unknown part ${name}; known: ${Object.keys(parts).join(', ')}`);
  const startedAt = performance.now();
  await part();
  console.error(`built ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function buildPlugin(): Promise<void> {
  const manifest = JSON.parse(readFileSync(path.join(packageFolder, 'src/plugin.json'), 'utf8')) as { id: string };
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  await runCompiler(pluginConfiguration(manifest.id));
  copyPluginFiles({ id: manifest.id, version, today: new Date().toISOString().slice(0, 10) });
  writeEnglishTexts(pluginOutput);
}

async function buildReact19Host(): Promise<void> {
  const modules = path.join(react19Folder, 'node_modules');
  if (!existsSync(modules)) throw new Error('run `npm ci` in host/react19 first');
  await runCompiler(hostConfiguration({ output: react19Output, modules: [modules, sharedModules] }));
}
