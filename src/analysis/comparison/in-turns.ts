/**
 * Two versions of the same workloads that raced each other in one run: A is the baseline, B the candidate.
 *
 * How many launches a cell has, the budget decides and not what they show, so that one look at the end is enough. What a
 * launch does to both versions cancels out in its ratio, and no day lies between them: a cell need not be believed to
 * differ by more than its launches explain, and the machine's speed need not be known.
 */

import type { Cell, Result, Skip } from '../../results/schema.ts'
import { lagOneCorrelation, varianceInflation } from '../../stats/autocorrelation.ts'
import type { MeanDifference } from '../../stats/mean-difference.ts'
import { mean } from '../../stats/summary.ts'
import type { AlarmKind, ComparedCell, Comparison, FoundCell, MissingCell } from '../comparison.ts'
import { comparisonError, foundCell, typicalMs } from '../comparison.ts'
import { launchRatios, minLaunches } from '../race.ts'
import { spreadFloor } from '../spreads.ts'
import { moderatedSpreads } from './launch-spreads.ts'
import { lookOf, thresholdsOf, unclear } from './look.ts'
import type { Change } from './look.ts'

interface Pair {
  readonly name: FoundCell
  readonly cells: readonly [Cell, Cell]
}

const keyOf = (cell: Cell): string => JSON.stringify(foundCell(cell))

function pairsOf({ cells }: Result): Pair[] {
  const others = new Map(cells.filter(({ arm }) => arm === 'B').map((cell) => [keyOf(cell), cell]))
  return cells.flatMap((cell) => {
    if (cell.arm !== 'A') return []
    const other = others.get(keyOf(cell))
    return other === undefined ? [] : [{ name: foundCell(cell), cells: [cell, other] }]
  })
}

const isMeasured = ({ cells }: Pair): boolean =>
  cells.every(({ error, launches }) => error === null && launches.length > 0)

/** Fewer may agree by chance. */
const fewLaunches = 5

/** Nothing lies between the versions but their code. */
const sameDay = { shift: 0, shiftVariance: 0, betweenCells: 0, freedom: 1 }

function changesOf(pairs: readonly Pair[], margin: number): Change[] {
  const measured = pairs.map(({ name: { executor }, cells: [before, after] }) => ({
    executor,
    typicalMs: typicalMs(before),
    logs: launchRatios(before.launches, after.launches),
  }))
  const known = measured.filter(({ logs }) => logs.length >= minLaunches)
  const spreadOf = moderatedSpreads(known)
  const correlation = lagOneCorrelation(known.map(({ logs }) => logs))
  const look = lookOf(
    sameDay,
    thresholdsOf({ margin, error: comparisonError / known.length, intervals: 1 }),
    false,
  )
  return measured.map((launches): Change => {
    const { logs } = launches
    const count = logs.length
    if (count < minLaunches) return unclear(mean(logs))
    const { variance, freedom } = spreadOf(launches)
    const believed = count < fewLaunches ? Math.max(variance, spreadFloor ** 2) : variance
    const difference: MeanDifference = {
      difference: mean(logs),
      standardError: Math.sqrt((believed * varianceInflation(correlation, count)) / count),
      freedom,
    }
    return look(difference, 0)
  })
}

/** What only the baseline has was not measured at all. */
const goneCell = ({ workload, size, executor }: Skip): MissingCell => ({
  workload,
  size,
  executor,
  workers: null,
})

/** @param result of a run in which every executor raced the one version against the other. */
export function compareInTurns(result: Result, asked: readonly AlarmKind[]): Comparison {
  const { options, skipped = [], interrupted } = result
  // Versions race, not executors: no verdict can flip, and the report must not say that this was watched.
  const failOn = asked.filter((kind) => kind !== 'flipped')
  const pairs = pairsOf(result)
  const measured = pairs.filter(isMeasured)
  const changes = changesOf(measured, options.margin)
  const cells = measured.flatMap(({ name, cells: [before, after] }, index): ComparedCell[] => {
    const change = changes[index]
    if (change === undefined) return []
    return [
      {
        ...name,
        ...change,
        workersBefore: before.workers,
        baselineMs: typicalMs(before),
        candidateMs: typicalMs(after),
        launches: [before.launches.length, after.launches.length],
      },
    ]
  })
  const named = (isIn: (pair: Pair) => boolean): FoundCell[] => pairs.filter(isIn).map(({ name }) => name)
  const missing = [
    ...named(({ cells: [before, after] }) => before.error === null && after.error !== null),
    ...skipped.filter(({ isGone }) => isGone === true).map(goneCell),
  ]
  const checksums = named(({ cells: sides }) => sides.some(({ error }) => error?.name === 'ChecksumMismatch'))
  const found: Readonly<Record<AlarmKind, boolean>> = {
    slower: cells.some(({ change }) => change === 'slower'),
    flipped: false,
    missing: missing.length > 0,
    checksum: checksums.length > 0,
  }
  const alarms = failOn.filter((kind) => found[kind])
  return {
    environments: [],
    by: 'turns',
    margin: options.margin,
    error: comparisonError,
    yardstick: null,
    shift: 1,
    isShiftKnown: false,
    betweenCells: 0,
    cells,
    flipped: [],
    flippedUnderLoad: [],
    undecidedNow: [],
    crossovers: [],
    guidance: [],
    checksums,
    missing,
    added: named(({ cells: [before, after] }) => before.error !== null && after.error === null),
    skipped: skipped.filter(({ isGone }) => isGone !== true),
    ...(typeof interrupted === 'string' ? { interrupted } : {}),
    failOn,
    alarms,
    alarm: alarms.length > 0,
  }
}
