/** The soak, scaled down to what fits a test run: nothing lost, and all listeners and handles given back. */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildSync } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { executorIds } from '#dist/executors/index.js'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
// Beside the benches' own bundles, where `boundby/executors` is this package.
const bundle = 'benchmarks/dist/soak.test.js'

beforeAll(() => {
  buildSync({
    absWorkingDir: root,
    entryPoints: ['benchmarks/soak.bench.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
})

describe('the soak', () => {
  it.each(executorIds)('gives back what %s took for 4,000 tasks', async (id) => {
    const { stdout } = await execute(process.execPath, ['--expose-gc', bundle, 'play', id, '4000'], {
      cwd: root,
    })
    expect(JSON.parse(stdout)).toMatchObject({ tasks: 4_000, leftBehind: [] })
  })
})
