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
  // Much of the time goes into waiting for browsers, databases and servers: half as many workers again as there are cores.
  maxWorkers: '150%',
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
