import { type Configuration, rspack } from '@rspack/core';

/** Runs one compilation and fails with the compiler's own words. */
export async function runCompiler(configuration: Configuration): Promise<void> {
  const compiler = rspack(configuration);
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error) return reject(error);
      if (!stats || stats.hasErrors()) {
        return reject(new Error(stats?.toString({ preset: 'errors-only', colors: false }) ?? 'no result'));
      }
      compiler.close((closeError) => (closeError ? reject(closeError) : resolve()));
    });
  });
}
