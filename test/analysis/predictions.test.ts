/** Predictions of a result: for which cells, and what is said where they failed. */
import { describe, expect, it } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { describePredictions } from '#dist/analysis/prediction-sentences.js'
import { predictedCrossovers } from '#dist/analysis/predicted-crossovers.js'
import { crossoversPredicted, predictCells } from '#dist/analysis/predictions.js'
import type { Cell } from '#dist/results/schema.js'
import { cell, resultOf } from '../results/fixture.ts'
import { idealCalibration, runOf } from './model/run-of.ts'
import type { Task } from './model/run-of.ts'

function serial(task: Task, fields: Partial<Cell> = {}): Cell {
  const { tasks, medianMs, demand } = runOf(8, task)
  return cell({ executor: 'serial', workers: 1, tasks, medianMs, demand, ...fields })
}

/** What is said of a cell whose serial run took 8 × `task`. */
function disagreement(task: Task, measured: Partial<Cell> & Pick<Cell, 'executor'>): string | null {
  const predictions = predictCells([serial(task), cell(measured)], idealCalibration(2))
  expect(predictions).toHaveLength(1)
  return predictions[0]?.disagreement ?? null
}

const costs = { startup: 0, dispatch: 0, transfer: 0, cpu: 0, runQueue: 0, blocked: 0, idle: 0, imbalance: 0 }

/** The same of a cell of two workers that took 20 ms, which went into these parts. */
const quicker = (task: Task, part: object): string | null =>
  disagreement(task, { executor: 'threads', workers: 2, medianMs: 20, costsMs: { ...costs, ...part } })

describe('a prediction', () => {
  it('is for every cell but the serial ones, as far as there is a serial run', () => {
    const threads = cell({ executor: 'threads', workers: 2, medianMs: 41 })
    const failed = cell({
      executor: 'processes',
      workers: 2,
      medianMs: null,
      error: { name: 'E', message: '' },
    })
    const other = cell({ executor: 'threads', workers: 2, size: 7 })
    const unknown = cell({ executor: 'python-threads', workers: 2 })
    const cells = [serial({ mainMs: 10 }), threads, failed, other, unknown]
    expect(predictCells(cells, idealCalibration(2))).toMatchObject([
      { executor: 'threads', workers: 2, size: 100, predictedMs: 40, disagreement: null },
      { executor: 'processes', workers: 2, predictedMs: 40, disagreement: null },
    ])
    expect(predictCells(cells.slice(1), idealCalibration(2))).toEqual([])
    expect(predictCells(cells, { durationMs: 1, executors: [] })).toEqual([])
  })
})

describe('a disagreement', () => {
  it('says what the tasks share', () => {
    const said = disagreement(
      { mainMs: 10 },
      { executor: 'threads', workers: 2, medianMs: 80, costsMs: { ...costs, cpu: 80 } },
    )
    expect(said).toBe(
      'the tasks share something: side by side they take longer on the CPU than one after the other (on the CPU: 80.0 ms instead of 40.0 ms)',
    )
  })

  it.each([
    ['runQueue', 'cores were missing'],
    ['blocked', 'has no room for all'],
    ['transfer', 'moving the data takes longer'],
    ['dispatch', 'handing over takes longer'],
    ['imbalance', 'not shared out evenly'],
  ])('names %s', (part, sentence) => {
    const measured = { ...costs, cpu: 40, [part]: 60 }
    expect(
      disagreement({ mainMs: 10 }, { executor: 'threads', workers: 2, medianMs: 100, costsMs: measured }),
    ).toContain(sentence)
  })

  it('says what was better than expected', () => {
    expect(quicker({ mainMs: 10 }, { cpu: 20 })).toContain('kept warm')
    expect(quicker({ blockingMs: 10 }, { blocked: 20 })).toContain('overlaps more')
    expect(quicker({ mainMs: 1, runQueueMs: 9 }, { cpu: 4, runQueue: 16 })).toContain(
      'the serial run waited for a core',
    )
  })

  it('foresees workers without a task', () => {
    const idle = { ...costs, cpu: 20, idle: 20 }
    expect(
      disagreement({ mainMs: 10 }, { executor: 'threads', workers: 16, medianMs: 41, costsMs: idle }),
    ).toBeNull()
  })

  it('says so where the costs are not known', () => {
    expect(disagreement({ mainMs: 10 }, { executor: 'threads', workers: 2, medianMs: 99 })).toBe(
      'it took 99.0 ms instead of 40.0 ms, and its costs do not tell why',
    )
  })
})

describe('the sentences of a workload', () => {
  it('hold predictions of the largest size against what was measured', async () => {
    const cells = [
      serial({ mainMs: 10 }),
      cell({ executor: 'threads', workers: 2, medianMs: 41 }),
      cell({ executor: 'event-loop', workers: 16, medianMs: 160 }),
    ]
    const result = await resultOf({ cells, predictions: predictCells(cells, idealCalibration(2)) })
    const [workload] = byWorkload(result)
    if (workload === undefined) throw new Error('no workload')
    expect(describePredictions(workload, result).map(({ text }) => text)).toEqual([
      'Predicted from the serial run alone at 100: event-loop ×16 80.0 ms, measured 160 ms, off by 50 %; threads ×2 40.0 ms, measured 41.0 ms, off by 2.4 %.',
      'The prediction for event-loop ×16 failed: it took 160 ms instead of 80.0 ms, and its costs do not tell why.',
    ])
    expect(describePredictions(workload, { ...result, predictions: [] })).toEqual([])
  })
})

const curve = (executor: string, ms: (size: number) => number) =>
  [1, 10, 100].map((size) => ({ workload: 'w', size, executor, ms: ms(size) }))
const growing = (size: number): number => size
const flat = (): number => 10

describe('a predicted crossover', () => {
  it('is where an executor falls below serial', () => {
    const points = [...curve('serial', growing), ...curve('threads', flat)]
    const [crossover] = predictedCrossovers(points, 0.05)
    expect(crossover).toMatchObject({ workload: 'w', from: 'serial', to: 'threads' })
    expect(crossover?.size).toBeCloseTo(10)
    // The best number of workers counts.
    expect(predictedCrossovers([...points, ...curve('threads', () => 20)], 0.05)).toEqual([crossover])
  })

  it('is none where one is always the faster, or by no more than the margin', () => {
    const alone = curve('serial', growing)
    const against = (ms: (size: number) => number) =>
      predictedCrossovers([...alone, ...curve('threads', ms)], 0.05)
    expect(against((size) => size * 2)).toEqual([])
    expect(against((size) => size * 0.5)).toEqual([])
    expect(against((size) => (size === 1 ? 1.02 : size * 0.98))).toEqual([])
    expect(predictedCrossovers(curve('threads', flat), 0.05)).toEqual([])
  })

  it('is said beside the measured one', async () => {
    const cells = [
      serial({ mainMs: 0.001 }, { size: 1 }),
      serial({ mainMs: 10 }),
      ...[1, 100].map((size) => cell({ executor: 'threads', workers: 2, size, medianMs: 40 })),
    ]
    const calibration = idealCalibration(2, { threads: { empty: [{ tasks: 1, makespanMs: 1 }] } })
    const predictions = predictCells(cells, calibration)
    const result = await resultOf({
      cells,
      predictions,
      predictedCrossovers: crossoversPredicted(cells, predictions, 0.05),
      crossovers: [{ workload: 'w', from: 'serial', to: 'threads', size: 37.2, interval: null }],
    })
    const [workload] = byWorkload(result)
    if (workload === undefined) throw new Error('no workload')
    const sentences = describePredictions(workload, result).map(({ text }) => text)
    expect(sentences[1]).toMatch(
      /^Predicted to overtake serial: threads from about [\d.]+ on \(measured: 37\)\.$/u,
    )
  })
})
