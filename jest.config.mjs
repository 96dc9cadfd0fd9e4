const swc = (jsx) => [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx: jsx },
      target: 'es2023',
      transform: jsx ? { react: { runtime: 'automatic' } } : undefined,
    },
    module: { type: 'commonjs' },
  },
];

export default {
  testTimeout: 30000,
  // Much of the time goes into waiting for browsers and databases: one worker a core, not one less.
  maxWorkers: '100%',
  projects: [
    {
      displayName: 'collector',
      rootDir: 'collector',
      testEnvironment: 'node',
      testMatch: ['**/*.test.ts'],
      transform: { '\\.ts$': swc(false), '/jose/.*\\.js$': swc(false) },
      // jose is published as ES modules only.
      transformIgnorePatterns: ['/node_modules/(?!jose/)'],
      globalSetup: '<rootDir>/src/testing/global-setup.ts',
      globalTeardown: '<rootDir>/src/testing/global-teardown.ts',
    },
    {
      displayName: 'plugin',
      rootDir: 'grafana-plugin',
      testEnvironment: 'node',
      testMatch: ['**/*.test.ts', '**/*.test.tsx'],
      transform: { '\\.tsx?$': swc(true) },
    },
  ],
};
