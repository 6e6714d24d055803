import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      '*/src/**/*.test.ts',
      'conformance/**/*.test.ts',
      'tests/**/*.test.ts',
      'scripts/**/*.test.ts',
      'deploy/**/*.test.ts',
    ],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
