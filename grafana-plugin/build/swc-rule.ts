import type { RuleSetRule } from '@rspack/core';

/** Compiles our TypeScript and JSX; the automatic runtime is shared by Grafana, so nothing of React is bundled. */
export const typescriptRule: RuleSetRule = {
  test: /\.tsx?$/,
  exclude: /node_modules/,
  loader: 'builtin:swc-loader',
  options: {
    jsc: {
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic' } },
      target: 'es2022',
    },
  },
  type: 'javascript/auto',
};
