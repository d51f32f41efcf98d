/** Why a winner wins: from the parts of two makespans to a sentence, or to silence. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { causeOf, describeCauses } from '#dist/analysis/causes.js'
import type { Cell, Verdict } from '#dist/results/schema.js'
import { cell, resultOf, verdict } from '../results/fixture.ts'

type Parts = Partial<
  Record<'transfer' | 'dispatch' | 'cpu' | 'runQueue' | 'blocked' | 'idle' | 'imbalance', number>
>
type Measured = Cell & { medianMs: number }

const nothing = { transfer: 0, dispatch: 0, cpu: 0, runQueue: 0, blocked: 0, idle: 0, imbalance: 0 }

function took(executor: string, parts: Parts, more: Partial<Cell> = {}): Measured {
  const costsMs = { ...nothing, ...parts }
  const medianMs = Object.values(costsMs).reduce((sum, part) => sum + part, 0)
  const workers = executor === 'serial' ? 1 : 2
  return { ...cell({ executor, workers, size: 1000, tasks: 16, medianMs, costsMs, ...more }), medianMs }
}

const transfer = (mebibytes: number): Cell['transfer'] => ({
  inBytes: mebibytes * 2 ** 20,
  outBytes: 0,
  copiedBytes: 0,
  inMs: 0,
  outMs: 0,
})

async function sentences(kind: Verdict['kind'], ...cells: Cell[]): Promise<string[]> {
  const executors = cells.slice(0, 1).map(({ executor }) => executor)
  const result = await resultOf({ cells, verdicts: [verdict({ kind, executors, size: 1000 })] })
  return byWorkload(result).flatMap((workload) => describeCauses(workload).map(({ text }) => text))
}

describe('causes', () => {
  it('say what crossed the boundary in less time', async () => {
    const threads = took('threads', { cpu: 20, transfer: 0.1 }, { transfer: transfer(64) })
    const processes = took('processes', { cpu: 20, transfer: 61 }, { transfer: transfer(64) })
    expect(await sentences('winner', threads, processes)).toEqual([
      'threads ×2 beats processes ×2 at 1,000 because 64 MiB crossed the boundary in 100 µs instead of 61.0 ms.',
    ])
  })

  it('say what serial spares, and what others share', async () => {
    const serial = took('serial', { cpu: 40 })
    const threads = took('threads', { cpu: 20, imbalance: 1 })
    const processes = took('processes', { cpu: 1, transfer: 61 }, { transfer: transfer(64) })
    expect(await sentences('winner', threads, serial)).toEqual([
      'threads ×2 beats serial at 1,000 because 2 workers shared the work: each was on the CPU for 20.0 ms instead of 40.0 ms.',
    ])
    expect(await sentences('winner', serial, processes)).toEqual([
      'serial beats processes ×2 at 1,000 because 64 MiB did not have to cross to workers, which took 61.0 ms.',
    ])
  })

  it('say that waits were beside each other, and compare with serial besides the next', async () => {
    const loop = took('event-loop', { cpu: 1, blocked: 10 })
    const threads = took('threads', { cpu: 1, blocked: 10, dispatch: 3 })
    const serial = took('serial', { cpu: 1, blocked: 160 })
    expect(await sentences('winner', loop, threads, serial)).toEqual([
      'event-loop ×2 beats threads ×2 at 1,000 because handing 16 tasks over and taking the results back took 0 ms instead of 3.00 ms.',
      'event-loop ×2 beats serial at 1,000 because its tasks waited beside each other: 10.0 ms instead of 160 ms.',
    ])
  })

  it('are not claimed of what is undecided or tied, nor where no part explains most', async () => {
    const one = took('threads', { cpu: 10, blocked: 10, dispatch: 10 })
    const other = took('processes', { cpu: 14, blocked: 14, dispatch: 14 })
    expect(await sentences('winner', one, other)).toEqual([])
    const apart = [took('threads', { cpu: 10 }), took('processes', { cpu: 10, dispatch: 9 })] as const
    expect(await sentences('winner', ...apart)).toHaveLength(1)
    expect(await sentences('undecided', ...apart)).toEqual([])
    expect(await sentences('tie', ...apart)).toEqual([])
  })

  it('are not made of what a system does not tell', async () => {
    const { cpu: _cpu, blocked: _blocked, ...told } = nothing
    const serial = took('serial', { blocked: 100 }, { costsMs: told, medianMs: 100 })
    expect(await sentences('winner', took('event-loop', { blocked: 10 }), serial)).toEqual([])
  })

  it('always explain at least half of the difference, with a part that both tell', () => {
    const parts = fc.record({
      cpu: fc.float({ min: 0, max: 100, noNaN: true }),
      blocked: fc.float({ min: 0, max: 100, noNaN: true }),
      dispatch: fc.float({ min: 0, max: 100, noNaN: true }),
      transfer: fc.float({ min: 0, max: 100, noNaN: true }),
    })
    fc.assert(
      fc.property(parts, parts, (first, second) => {
        const [winner, loser] = [took('threads', first), took('processes', second)]
        const cause = causeOf(winner, loser)
        if (cause === null) return
        expect(loser.costsMs[cause.part]).toBe(cause.loserMs)
        expect(cause.loserMs - cause.winnerMs).toBeGreaterThanOrEqual((loser.medianMs - winner.medianMs) / 2)
        expect(causeOf(loser, winner)).toBeNull()
      }),
    )
  })
})
