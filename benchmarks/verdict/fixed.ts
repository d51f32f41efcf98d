/** A cell measured the usual way: one pool, and tinybench as it comes, but for 64 iterations of any length. */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Bench } from 'tinybench'
import { createExecutor } from 'boundby/executors'
import { bundleWorkload } from '#dist/workloads/bundle.js'
import { loadWorkload } from '#dist/workloads/load.js'

export interface FixedCell {
  /** Absolute path of the workload module. */
  readonly file: string
  readonly size: number
  readonly executor: string
  readonly workers: number | null
}

export interface FixedSample {
  readonly makespansMs: readonly number[]
  readonly warmUpMs: number
}

const iterations = 64
const execute = promisify(execFile)

/** Measures in a process of its own, as the harness does. */
export async function measureFixed(cell: FixedCell): Promise<FixedSample> {
  const self = fileURLToPath(import.meta.url)
  const { stdout } = await execute(process.execPath, [self, 'play', JSON.stringify(cell)], {
    maxBuffer: 2 ** 24,
  })
  return JSON.parse(stdout) as FixedSample
}

/** @param submissions submit one task each. */
async function sampleOf(submissions: readonly (() => Promise<unknown>)[]): Promise<FixedSample> {
  const bench = new Bench({ iterations, time: 0, retainSamples: true, throws: true })
  let spentMs = 0
  bench.add(
    'makespan',
    async () => {
      const startMs = performance.now()
      await Promise.all(submissions.map((submit) => submit()))
      spentMs += performance.now() - startMs
    },
    { async: true },
  )
  await bench.run()
  const result = bench.tasks[0]?.result
  const samples = result?.state === 'completed' ? result.latency.samples : undefined
  if (samples?.length !== iterations) throw new Error(`tinybench took ${samples?.length} samples.`)
  const measuredMs = samples.reduce((sum, sample) => sum + sample, 0)
  return { makespansMs: [...samples], warmUpMs: Math.max(0, spentMs - measuredMs) }
}

/** Plays a cell in this process. */
export async function playFixed(cell: FixedCell): Promise<FixedSample> {
  const bundle = await bundleWorkload(cell.file)
  const loaded = await loadWorkload(bundle.url, cell.file)
  const resources: unknown = await loaded.workload.setup?.()
  try {
    const executor = createExecutor(cell.executor, cell.workers === null ? {} : { maxWorkers: cell.workers })
    try {
      await executor.warmUp()
      // As they are: no workload of the default suite moves or shares its inputs.
      const submit = executor.submit.bind(executor) as (...args: unknown[]) => Promise<unknown>
      const inputs = loaded.workload.inputs(cell.size, resources)
      return await sampleOf(inputs.map((input) => () => submit(loaded.task, input)))
    } finally {
      await executor.shutdown()
    }
  } finally {
    await loaded.workload.teardown?.(resources)
  }
}
