/** One makespan, measured by tinybench; the only file that imports it. */

import { Bench } from 'tinybench'

export interface Makespan<Output> {
  readonly makespanMs: number
  /** In input order. */
  readonly outputs: Output[]
}

/** What is done right before and right after the makespan, outside of it. */
export interface MakespanHooks {
  readonly before?: () => void
  readonly after?: () => void
}

/**
 * Times all tasks of a size once: first submit to last result. The schedule (which executor, when, how often) is
 * the race's; tinybench takes the one sample.
 * @param submissions submit one task each; called in order, all at once.
 * @throws what the first failing task threw, once every task has settled, so that nothing runs on into the next
 *   measurement.
 */
export async function measureMakespan<Output>(
  submissions: readonly (() => Promise<Output>)[],
  hooks: MakespanHooks = {},
): Promise<Makespan<Output>> {
  let futures: Promise<Output>[] = []
  let outputs: Output[] = []
  const bench = new Bench({
    iterations: 1,
    time: 0,
    warmup: false,
    retainSamples: true,
    throws: true,
    timestampProvider: 'hrtimeNow',
  })
  bench.add(
    'makespan',
    async () => {
      futures = submissions.map((submit) => submit())
      outputs = await Promise.all(futures)
    },
    { async: true, beforeEach: () => hooks.before?.(), afterEach: () => hooks.after?.() },
  )
  try {
    await bench.run()
  } catch (error) {
    await Promise.allSettled(futures)
    throw error
  }
  const result = bench.tasks[0]?.result
  const makespanMs = result?.state === 'completed' ? result.latency.samples?.[0] : undefined
  if (makespanMs === undefined)
    throw new Error(`tinybench took no sample (state ${result?.state ?? 'unknown'})`)
  return { makespanMs, outputs }
}
