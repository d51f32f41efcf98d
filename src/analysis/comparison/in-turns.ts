/** Two versions of the same workloads that raced each other in one run: A is the baseline, B the candidate. */

import type { Cell, Result, Skip } from '../../results/schema.ts'
import { median } from '../../stats/summary.ts'
import type { AlarmKind, CellName, ComparedCell, Comparison, FoundCell, MissingCell } from '../comparison.ts'
import { foundCell } from '../comparison.ts'
import type { Race } from '../race.ts'
import { Spreads } from '../spreads.ts'
import { compareArms, detectableRatio } from '../verdict.ts'
import type { ChangeKind } from './look.ts'

interface Pair {
  readonly name: FoundCell
  readonly cells: readonly [Cell, Cell]
  readonly race: Race
}

function pairsOf({ cells }: Result): Pair[] {
  return cells.flatMap((cell) => {
    const { workload, size, executor, workers, runtime } = cell
    if (cell.arm !== 'A') return []
    const other = cells.find(
      (each) =>
        each.arm === 'B' &&
        each.workload === workload &&
        each.size === size &&
        each.executor === executor &&
        each.workers === workers &&
        each.runtime === runtime,
    )
    if (other === undefined) return []
    const race = { arms: [cell.launches, other.launches] }
    return [{ name: foundCell(cell), cells: [cell, other] as const, race }]
  })
}

/** What the verdict says, once it was reached; a later look can only say less. */
function changeOf(
  { verdicts }: Result,
  { workload, size, executor, runtime }: CellName,
  outcome: ReturnType<typeof compareArms>['outcome'],
): ChangeKind {
  const verdict = verdicts.find(
    (each) =>
      each.workload === workload &&
      each.size === size &&
      each.runtime === runtime &&
      each.executors.includes(executor),
  )
  if (verdict?.kind === 'winner') return verdict.arms?.[0] === 'A' ? 'slower' : 'faster'
  if (verdict?.kind === 'tie') return 'unchanged'
  return ({ faster: 'slower', slower: 'faster', equivalent: 'unchanged', open: 'unclear' } as const)[outcome]
}

const medianOf = ({ launches }: Cell): number => median(launches.map((launch) => median(launch)))
const isMeasured = ({ cells }: Pair): boolean =>
  cells.every(({ error, launches }) => error === null && launches.length > 0)

/** What only the baseline has was not measured at all. */
const goneCell = ({ workload, size, executor }: Skip): MissingCell => ({
  workload,
  size,
  executor,
  workers: null,
})

/** @param result of a run in which every executor raced the one version against the other. */
export function compareInTurns(result: Result, asked: readonly AlarmKind[]): Comparison {
  const { options, plannedPairs = 0, skipped = [] } = result
  // Versions race, not executors: no verdict can flip, and the report must not say that this was watched.
  const failOn = asked.filter((kind) => kind !== 'flipped')
  const pairs = pairsOf(result)
  const spreads = new Map(
    [...new Set(pairs.map(({ name }) => name.executor))].map((executor) => [
      executor,
      new Spreads(pairs.filter(({ name }) => name.executor === executor).map(({ race }) => race)),
    ]),
  )
  const cells = pairs.filter(isMeasured).flatMap(({ name, cells: [before, after], race }): ComparedCell[] => {
    const ofExecutor = spreads.get(name.executor)
    if (ofExecutor === undefined) return []
    const wanted = { ...options, plannedPairs }
    const { ratio, interval, outcome } = compareArms(race, 0, 1, ofExecutor, wanted)
    return [
      {
        ...name,
        change: changeOf(result, name, outcome),
        ratio: Number.isFinite(ratio) ? ratio : null,
        interval: interval.every(Number.isFinite) ? interval : null,
        detectable: detectableRatio(race, 0, 1, ofExecutor, wanted),
        baselineMs: medianOf(before),
        candidateMs: medianOf(after),
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
    error: 1 - options.confidence,
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
    failOn,
    alarms,
    alarm: alarms.length > 0,
  }
}
