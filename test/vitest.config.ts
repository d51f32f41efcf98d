/** How the tests run: built JavaScript under test (workers need it), in processes of their own. */
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Every Node that a test starts would parse that file, which takes longer than the rest of its start; no test needs it.
delete process.env['NODE_EXTRA_CA_CERTS']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Many tests wait for processes of their own; one file at a time would leave a core idle.
    maxWorkers: Math.max(2, availableParallelism()),
  },
})
