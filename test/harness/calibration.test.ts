/** The calibration of a run: how much of the budget it takes, what it leaves out, and one of a real pool. */
import { describe, expect, it } from 'vitest'
import { SerialExecutor, ThreadPoolExecutor } from '#dist/executors/index.js'
import { calibrateExecutor } from '#dist/harness/calibrate-executor.js'
import { calibrate } from '#dist/harness/calibration.js'
import type { CalibrateExecutor } from '#dist/harness/calibration.js'
import { executorCalibrationSchema } from '#dist/results/schema/calibration.js'
import type { Calibration } from '#dist/results/schema.js'

/** Each takes so long on a fake clock. */
function calibrated(
  executors: readonly string[],
  budgetMs: number,
  takesMs: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<Calibration | undefined> {
  let clockMs = 0
  const calibrateOne: CalibrateExecutor = (executor) => {
    clockMs += takesMs
    return executor === 'broken'
      ? Promise.reject(new Error('no such thing'))
      : Promise.resolve({ executor, workers: null, startupMs: 1, empty: [{ tasks: 1, makespanMs: 1 }] })
  }
  return calibrate({ executors, budgetMs, calibrateExecutor: calibrateOne, now: () => clockMs, signal })
}

const names = (calibration: Calibration | undefined): string[] =>
  calibration?.executors.map(({ executor }) => executor) ?? []

describe('the calibration of a run', () => {
  it('takes one executor after the other, and says how long that took', async () => {
    const calibration = await calibrated(['serial', 'threads'], 60_000, 300)
    expect(names(calibration)).toEqual(['serial', 'threads'])
    expect(calibration?.durationMs).toBe(600)
  })

  it('begins nothing more once its share of the budget is spent', async () => {
    expect(names(await calibrated(['a', 'b', 'c', 'd'], 20_000, 900))).toEqual(['a', 'b', 'c'])
    expect(names(await calibrated(['a', 'b', 'c', 'd'], 3_600_000, 4000))).toEqual(['a', 'b'])
  })

  it('is left out of a run that is too short for it', async () => {
    expect(await calibrated(['serial'], 5000, 1)).toBeUndefined()
  })

  it('leaves out what fails', async () => {
    expect(names(await calibrated(['serial', 'broken', 'threads'], 60_000, 1))).toEqual(['serial', 'threads'])
    expect(await calibrated(['broken'], 60_000, 1)).toBeUndefined()
    expect(await calibrated(['serial'], 60_000, 1, AbortSignal.abort())).toBeUndefined()
  })
})

describe('a real calibration', () => {
  it('tells what a pool costs', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2 })
    await pool.warmUp()
    const calibration = { executor: 'threads', startupMs: 0, ...(await calibrateExecutor(pool, 'workers')) }
    expect(executorCalibrationSchema.safeParse(calibration).error).toBeUndefined()
    const { workers, empty, cores = [] } = calibration
    expect(workers).toBe(2)
    expect(empty[0]?.tasks).toBe(1)
    for (const { makespanMs } of empty) expect(makespanMs).toBeGreaterThan(0)
    expect(cores.map((point) => point.workers)).toEqual([1, 2])
    for (const point of cores) expect(point.cores).toBeLessThanOrEqual(point.workers)
  }, 60_000)

  it('tells what a thread that was asleep costs', async () => {
    const { workers, wakeMs, cores } = await calibrateExecutor(new SerialExecutor(), 'nothing')
    expect({ workers, cores }).toEqual({ workers: null, cores: undefined })
    expect(wakeMs).toBeGreaterThanOrEqual(0)
  }, 60_000)
})
