import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import type { Configuration, ExternalItem } from '@rspack/core';
import { packageFolder, pluginOutput, sharedModules } from './paths.ts';
import { typescriptRule } from './swc-rule.ts';

/** Modules Grafana hands to plugins, from 12.2.5 on. Anything else is bundled. */
export const SHARED_BY_GRAFANA = [
  '@emotion/css',
  '@emotion/react',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
  'd3',
  'i18next',
  'jquery',
  'lodash',
  'moment',
  'react',
  'react-dom',
  'react-router',
  'react/jsx-dev-runtime',
  'react/jsx-runtime',
  'rxjs',
  'rxjs/operators',
] as const;

const externals: ExternalItem[] = [{ 'amd-module': 'module' }, ...SHARED_BY_GRAFANA];

/** One entry for every folder that holds a plugin.json beside a module file. */
export function pluginEntries(): Record<string, string> {
  const source = path.join(packageFolder, 'src');
  const entries: Record<string, string> = {};
  for (const manifest of globSync('**/plugin.json', { cwd: source })) {
    const folder = path.dirname(manifest);
    const module = ['module.tsx', 'module.ts'].map((name) => path.join(source, folder, name)).find(existsSync);
    if (!module) throw new Error(`${manifest} has no module file beside it`);
    entries[path.posix.join(folder.replaceAll(path.sep, '/'), 'module')] = module;
  }
  return entries;
}

/** The bundle Grafana loads: AMD modules whose lazy chunks are found beside module.js wherever it was loaded from. */
export function pluginConfiguration(pluginId: string): Configuration {
  const publicPath = path.join(packageFolder, 'build', 'public-path.js');
  return {
    mode: 'production',
    target: ['web', 'es2022'],
    context: packageFolder,
    devtool: 'source-map',
    entry: Object.fromEntries(Object.entries(pluginEntries()).map(([name, file]) => [name, [publicPath, file]])),
    externals,
    externalsType: 'amd',
    output: {
      path: pluginOutput,
      clean: true,
      filename: '[name].js',
      chunkFilename: '[name].[contenthash:8].js',
      library: { type: 'amd' },
      publicPath: `public/plugins/${pluginId}/`,
      uniqueName: pluginId,
      crossOriginLoading: 'anonymous',
    },
    resolve: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'], modules: ['node_modules', sharedModules] },
    module: { rules: [typescriptRule, { test: /\.m?js$/, resolve: { fullySpecified: false } }] },
    optimization: { chunkIds: 'named' },
    performance: { hints: false },
  };
}
