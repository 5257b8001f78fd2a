import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['dev'] };
const exclude = ['**/node_modules/**', '**/dist/**', '**/.faultline*/**'];

export default defineConfig({
  resolve,
  ssr: { resolve: { conditions: ['dev'], externalConditions: ['dev'] } },
  test: {
    exclude,
    testTimeout: 30_000, // machines may be slow: no test is about time
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'schemas/src/**/*.test.ts',
            'services/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'test/{chaos,corpus,infra,boundaries}/**/*.test.ts',
          ],
          exclude: [...exclude, '**/*.integration.test.ts'],
        },
      },
      { extends: true, test: { name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['services/*/src/**/*.integration.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
