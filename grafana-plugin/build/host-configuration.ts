import path from 'node:path';
import {
  type Configuration,
  CopyRspackPlugin,
  DefinePlugin,
  HtmlRspackPlugin,
  NormalModuleReplacementPlugin,
} from '@rspack/core';
import { packageFolder, sharedModules } from './paths.ts';
import { typescriptRule } from './swc-rule.ts';

/** Where a host is built to and whose packages it is built from. */
export interface HostTarget {
  output: string;
  /** Folders searched for packages, first hit wins. */
  modules: string[];
}

/** The page that loads the built plugin outside Grafana. */
export function hostConfiguration(target: HostTarget): Configuration {
  const host = path.join(packageFolder, 'host');
  return {
    mode: 'production',
    target: ['web', 'es2022'],
    context: packageFolder,
    devtool: false,
    entry: { host: path.join(host, 'main.ts') },
    output: {
      path: target.output,
      clean: true,
      filename: '[name].[contenthash:8].js',
      chunkFilename: '[name].[contenthash:8].js',
      publicPath: '/public/host/',
      uniqueName: 'signalbox-host',
    },
    resolve: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      modules: ['node_modules', ...target.modules],
      alias: {
        'plugin-page-slot': path.join(packageOf('@grafana/runtime', target), 'dist/esm/components/PluginPage.mjs'),
      },
    },
    module: {
      rules: [
        // Packages find their own dependencies beside them; our sources take the target's, not the nearest ones.
        { ...typescriptRule, resolve: { modules: target.modules } },
        { test: /\.m?js$/, resolve: { fullySpecified: false } },
        { test: /\.css$/, type: 'css' },
        { test: /\.svg$/, type: 'asset/resource' },
        { test: /\.woff2$/, type: 'asset/resource', generator: { filename: '[name].[contenthash:8][ext]' } },
      ],
    },
    plugins: [
      // SystemJS's AMD extra defines a global `define`; packages in UMD form would register there and come out empty.
      new DefinePlugin({ 'typeof define': JSON.stringify('undefined') }),
      new HtmlRspackPlugin({ template: path.join(host, 'index.html'), scriptLoading: 'defer', inject: 'body' }),
      // The fonts Grafana's global styles ask for are served by Grafana only.
      new NormalModuleReplacementPlugin(/^\.\/fonts\.mjs$/, (resource) => {
        if (path.basename(resource.context ?? '') === 'GlobalStyles')
          resource.request = path.join(host, 'font-styles.ts');
      }),
      copiedFiles(),
    ],
    performance: { hints: false },
    ignoreWarnings: [/export .* was not found/, /Critical dependency/],
  };
}

/** The picture of the page, and the licences that must go with the fonts. */
function copiedFiles(): InstanceType<typeof CopyRspackPlugin> {
  const licences = ['inter', 'roboto-mono'].map((font) => ({
    from: path.join(sharedModules, '@fontsource-variable', font, 'LICENSE'),
    to: `${font}.LICENSE.txt`,
  }));
  return new CopyRspackPlugin({
    patterns: [{ from: path.join(packageFolder, 'src/img/logo.svg'), to: 'logo.svg' }, ...licences],
  });
}

function packageOf(name: string, target: HostTarget): string {
  return path.join(target.modules[0] ?? sharedModules, name);
}
