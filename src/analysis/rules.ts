/**
 * The rules that the tutorial on `ProcessPoolExecutor` teaches, held against what was measured in Node.
 *
 * They were written for CPython, whose threads share one lock; nothing here assumes them right.
 */

import type { Result } from '../results/schema.ts'
import { measuredCell, serialArm } from './by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from './by-workload.ts'
import { formatList, formatRatio, formatSize } from './quantities.ts'
import { fastest } from './winners.ts'

export type RuleId = 'io' | 'cpu' | 'small' | 'misuse'
export type Outcome = 'holds' | 'refuted' | 'undecided'

/** What one workload says about one rule. */
export interface RuleFinding {
  readonly rule: RuleId
  readonly workload: string
  readonly outcome: Outcome
  /** Why, in words and numbers. */
  readonly evidence: string
}

export const ruleClaims: Readonly<Record<RuleId, string>> = {
  io: 'Threads or the event loop for I/O',
  cpu: 'Processes for CPU work on large data',
  small: 'One thread while the problem is small',
  misuse: 'Misuse makes a program slower',
}

/** Who should win by the rule. Serial and the event loop run the tasks on one thread, the main thread. */
const favoured: Readonly<Record<Exclude<RuleId, 'misuse'>, ReadonlySet<string>>> = {
  io: new Set(['event-loop', 'threads']),
  cpu: new Set(['processes']),
  small: new Set(['serial', 'event-loop']),
}

/** The findings on one workload; a rule that it cannot test is left out. */
export function judgeRules(workload: WorkloadResult, options: Result['options']): readonly RuleFinding[] {
  const raced = workload.sizes.filter(({ leaders }) => leaders.length > 0)
  const smallest = raced[0]
  const largest = raced.at(-1)
  if (smallest === undefined || largest === undefined) return []
  const bound = largest.diagnosis?.bound ?? workload.record?.expects
  return [
    ...(bound === 'io' || bound === 'cpu' ? judgeWinner(bound, workload.name, largest) : []),
    ...judgeWinner('small', workload.name, smallest),
    ...judgeMisuse(workload, options.margin),
  ]
}

function judgeWinner(
  rule: Exclude<RuleId, 'misuse'>,
  workload: string,
  at: SizeResult,
): readonly RuleFinding[] {
  const isFavoured = (arm: Arm): boolean => favoured[rule].has(arm.executor)
  const candidates = [...at.cells.keys()].filter((arm) => isFavoured(arm) && measuredCell(at, arm))
  const rivals = [...at.cells.keys()].filter((arm) => !isFavoured(arm) && measuredCell(at, arm))
  // Without either side there was no contest.
  if (candidates.length === 0 || rivals.length === 0) return []
  const outcome = outcomeOf(at, isFavoured)
  return [{ rule, workload, outcome, evidence: evidenceOf(at, outcome, candidates) }]
}

function outcomeOf({ verdict, leaders }: SizeResult, isFavoured: (arm: Arm) => boolean): Outcome {
  const favouredLeaders = leaders.filter(isFavoured).length
  if (favouredLeaders === 0) return 'refuted'
  // A favourite among the tied is as good as any; among those still in the race it may yet lose.
  return verdict?.kind === 'undecided' && favouredLeaders < leaders.length ? 'undecided' : 'holds'
}

function evidenceOf(at: SizeResult, outcome: Outcome, candidates: readonly Arm[]): string {
  const leaders = formatList(at.leaders.map(({ label }) => label))
  const several = at.leaders.length > 1
  const standing = {
    winner: `${leaders} wins`,
    tie: `${leaders} are tied`,
    undecided: `only ${leaders} ${several ? 'are' : 'is'} left`,
  }[at.verdict?.kind ?? 'undecided']
  const size = `at ${formatSize(at.size)} ${standing}`
  const best = fastest(at, at.leaders)
  const candidate = fastest(at, candidates)
  if (outcome !== 'refuted' || best === undefined || candidate === undefined || best.medianMs === 0)
    return size
  return `${size}, ${candidate.arm.label} took ${formatRatio(candidate.medianMs / best.medianMs)} as long`
}

/** The arm that was slower than serial by most, if its interval clears serial's and the margin. */
function worstMisuse(
  workload: WorkloadResult,
  margin: number,
): { arm: Arm; size: number; ratio: number } | undefined {
  return workload.sizes
    .flatMap((at) => {
      const serial = serialArm(at.cells.keys())
      const reference = serial && measuredCell(at, serial)
      if (reference === undefined || reference.intervalMs === null || reference.medianMs === 0) return []
      const limitMs = reference.intervalMs[1] * (1 + margin)
      return [...at.cells.keys()].flatMap((arm) => {
        const cell = measuredCell(at, arm)
        if (cell === undefined || cell.intervalMs === null || cell.intervalMs[0] <= limitMs) return []
        return [{ arm, size: at.size, ratio: cell.medianMs / reference.medianMs }]
      })
    })
    .toSorted((a, b) => b.ratio - a.ratio)[0]
}

function judgeMisuse(workload: WorkloadResult, margin: number): readonly RuleFinding[] {
  const worst = worstMisuse(workload, margin)
  if (worst === undefined) return []
  const evidence = `at ${formatSize(worst.size)} ${worst.arm.label} took ${formatRatio(worst.ratio)} as long as serial`
  return [{ rule: 'misuse', workload: workload.name, outcome: 'holds', evidence }]
}
