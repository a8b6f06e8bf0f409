/**
 * The tests in three tiers, sorted by name and folder (test/README.md says how).
 *
 * Rule: a unit test neither starts a process nor opens a socket; test/architecture.test.ts holds it.
 */
import { defineConfig } from 'vitest/config';
import { MACHINE, WHOLE } from './test/architecture/tiers.ts';

const common = { pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    maxWorkers: 2,
    projects: [
      {
        test: { ...common, name: 'unit', include: ['test/**/*.test.ts'], exclude: [MACHINE, ...WHOLE], isolate: false },
      },
      { test: { ...common, name: 'machine', include: [MACHINE], exclude: WHOLE } },
      { test: { ...common, name: 'whole', include: WHOLE } },
    ],
  },
});
