/** What two results conclude differently: verdicts that flipped, crossovers that moved, claims that changed. */

import type { Crossover, Result, Verdict } from '../../results/schema.ts'
import type { RaceName } from '../comparison.ts'
import { interpretersOf } from './interpreters.ts'

export interface Flip extends RaceName {
  /** The executors that the baseline names, and those that the candidate does: not one in common. */
  readonly from: readonly string[]
  readonly to: readonly string[]
}

export interface CrossoverMove {
  readonly workload: string
  readonly from: string
  readonly to: string
  /** The sizes estimated; null where there is no crossover in range. */
  readonly before: number | null
  readonly after: number | null
}

export interface ClaimChange {
  readonly claim: string
  readonly runtime: string
  readonly before: string
  readonly after: string
}

const isDecided = ({ kind }: Verdict): boolean => kind !== 'undecided'

function keyed<Item>(items: readonly Item[], keyOf: (item: Item) => readonly unknown[]): Map<string, Item> {
  return new Map(items.toReversed().map((item) => [JSON.stringify(keyOf(item)), item]))
}

function inBoth<Item>(
  baseline: readonly Item[],
  candidate: readonly Item[],
  keyOf: (item: Item) => readonly unknown[],
): [Item, Item][] {
  const after = keyed(candidate, keyOf)
  return [...keyed(baseline, keyOf)].toReversed().flatMap(([key, before]) => {
    const counterpart = after.get(key)
    return counterpart === undefined ? [] : [[before, counterpart] satisfies [Item, Item]]
  })
}

/** The verdicts of both on the same race. */
function racesInBoth(baseline: Result, candidate: Result): [Verdict, Verdict][] {
  const interpreterOf = interpretersOf(baseline, candidate)
  return inBoth(baseline.verdicts, candidate.verdicts, (verdict) => [
    verdict.workload,
    verdict.size,
    interpreterOf(verdict),
    // A control has a race for each executor.
    verdict.arms === undefined ? null : verdict.executors[0],
  ])
}

const raceNameOf = ({ workload, size, runtime }: Verdict): RaceName => ({
  workload,
  size,
  ...(runtime === undefined ? {} : { runtime }),
})

/** Both are decided, and no executor is among the best in both. */
export function flipsOf(baseline: Result, candidate: Result): readonly Flip[] {
  return racesInBoth(baseline, candidate).flatMap(([before, after]) => {
    if (!isDecided(before) || !isDecided(after) || before.arms !== undefined) return []
    if (before.executors.some((executor) => after.executors.includes(executor))) return []
    return [
      {
        ...raceNameOf(after),
        from: before.executors,
        to: after.executors,
      },
    ]
  })
}

/** Verdicts that the baseline had, and that the candidate leaves undecided. */
export function undecidedNow(baseline: Result, candidate: Result): readonly RaceName[] {
  return racesInBoth(baseline, candidate).flatMap(([before, after]) =>
    isDecided(before) && !isDecided(after) ? [raceNameOf(after)] : [],
  )
}

const isBefore = ([, end]: Range, [begin]: Range): boolean => end !== null && begin !== null && end < begin
type Range = readonly [number | null, number | null]

/** Both brackets are guaranteed: they are moved if they have nothing in common. */
function hasMoved(before: Crossover, after: Crossover): boolean {
  if (before.answer === 'unbounded' || after.answer === 'unbounded') return false
  if (before.answer !== after.answer) return true
  if (before.answer !== 'found' || before.bracket === undefined || after.bracket === undefined) return false
  return isBefore(before.bracket, after.bracket) || isBefore(after.bracket, before.bracket)
}

export function crossoverMoves(baseline: Result, candidate: Result): readonly CrossoverMove[] {
  const interpreterOf = interpretersOf(baseline, candidate)
  return inBoth(baseline.crossovers, candidate.crossovers, (crossover) => [
    crossover.workload,
    crossover.from,
    crossover.to,
    interpreterOf(crossover),
  ])
    .filter(([before, after]) => hasMoved(before, after))
    .map(([before, after]) => ({
      workload: before.workload,
      from: before.from,
      to: before.to,
      before: before.answer === 'found' ? before.size : null,
      after: after.answer === 'found' ? after.size : null,
    }))
}

const isAnswered = (outcome: string): boolean => outcome === 'holds' || outcome === 'refuted'

/** Claims that held and are refuted, or the other way round; what became undecided says nothing. */
export function claimChanges(baseline: Result, candidate: Result): readonly ClaimChange[] {
  const interpreterOf = interpretersOf(baseline, candidate)
  return inBoth(baseline.guidance, candidate.guidance, (guidance) => [
    guidance.id ?? guidance.claim,
    interpreterOf(guidance),
  ])
    .filter(
      ([before, after]) =>
        isAnswered(before.outcome) && isAnswered(after.outcome) && before.outcome !== after.outcome,
    )
    .map(([before, after]) => ({
      claim: after.claim,
      runtime: after.runtime,
      before: before.outcome,
      after: after.outcome,
    }))
}
