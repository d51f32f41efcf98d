/** The answer of a whole result in a sentence, and who wins where behind it. */

import type { Result } from '../results/schema.ts'
import type { Arm, SizeResult, WorkloadResult } from './by-workload.ts'
import { formatCount, formatList, formatPercent } from './quantities.ts'
import { summarizeControl } from './control.ts'
import { describeWinners } from './winners.ts'

/** One workload at its largest size with a verdict. */
export interface Standing {
  readonly workload: WorkloadResult
  readonly at: SizeResult
}

/** Workloads with the same outcome. */
export interface StandingGroup {
  readonly kind: 'winner' | 'tie' | 'undecided'
  /** The executor that wins; null for ties and open races. */
  readonly executor: string | null
  readonly standings: readonly Standing[]
}

export interface Headline {
  readonly text: string
  /** How sure it is, and what that means. */
  readonly sureness: string
  /** The winners first, those of most workloads before others. */
  readonly groups: readonly StandingGroup[]
}

export function headline(result: Result, workloads: readonly WorkloadResult[]): Headline {
  const control = summarizeControl(result)
  const groups = control === null ? groupsOf(workloads) : []
  return {
    text: control?.sentences[0] ?? textOf(workloads, groups, result.options),
    sureness: control === null ? surenessOf(groups, result.options) : control.sentences.slice(1).join(' '),
    groups,
  }
}

/** The largest size that the author listed and that has a verdict. */
export function standingOf(workload: WorkloadResult): Standing | null {
  const at = workload.sizes.findLast(({ verdict, refines }) => verdict !== undefined && !refines)
  return at === undefined ? null : { workload, at }
}

function groupsOf(workloads: readonly WorkloadResult[]): readonly StandingGroup[] {
  const groups = new Map<
    string,
    { kind: StandingGroup['kind']; executor: string | null; standings: Standing[] }
  >()
  for (const standing of workloads.flatMap((workload) => standingOf(workload) ?? [])) {
    const { kind } = standing.at.verdict ?? { kind: 'undecided' }
    const executor = kind === 'winner' ? (winnerOf(standing.at)?.executor ?? null) : null
    const key = `${kind} ${executor}`
    const group = groups.get(key) ?? { kind, executor, standings: [] }
    groups.set(key, group)
    group.standings.push(standing)
  }
  const order = ['winner', 'tie', 'undecided']
  return [...groups.values()].toSorted(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.standings.length - a.standings.length,
  )
}

function winnerOf({ leaders }: SizeResult): Arm | undefined {
  return leaders[0]
}

function textOf(
  workloads: readonly WorkloadResult[],
  groups: readonly StandingGroup[],
  options: Result['options'],
): string {
  const judged = groups.flatMap(({ standings }) => standings)
  const [only] = judged
  if (only === undefined) return 'Nothing was decided: no race was measured to a verdict.'
  if (workloads.length === 1) {
    const sentence = describeWinners(
      { ...only.workload, sizes: only.workload.sizes.filter(({ refines }) => !refines) },
      options,
    ).at(-1)
    if (sentence !== undefined) return `${only.workload.name}: ${sentence.text}`
  }
  const wins = groups
    .filter(({ kind }) => kind === 'winner')
    .map(({ executor, standings }) => `${executor} wins ${standings.length}`)
  const countOf = (kind: StandingGroup['kind']): number =>
    groups.find((group) => group.kind === kind)?.standings.length ?? 0
  const [ties, open] = [countOf('tie'), countOf('undecided')]
  if (open === judged.length)
    return `Of ${formatCount(judged.length, 'workload')} at the largest size, none is decided yet.`
  return `Of ${formatCount(judged.length, 'workload')} at the largest size, ${formatList([
    ...wins,
    ...(ties === 0 ? [] : [`${ties} ${ties === 1 ? 'is a tie' : 'are ties'}`]),
    ...(open === 0 ? [] : [`${open} ${open === 1 ? 'is' : 'are'} undecided`]),
  ])}.`
}

function surenessOf(groups: readonly StandingGroup[], { confidence, margin }: Result['options']): string {
  const has = (kind: StandingGroup['kind']): boolean => groups.some((group) => group.kind === kind)
  return [
    ...(has('winner')
      ? [
          `A winner is ahead by more than ${formatPercent(margin)}, which is sure at ${formatPercent(confidence)} confidence over all comparisons of this result together.`,
        ]
      : []),
    ...(has('tie') ? [`The tied are within ${formatPercent(margin)} of each other, as surely.`] : []),
    ...(has('undecided')
      ? ['Undecided means too close or too noisy to tell: a longer budget decides more.']
      : []),
  ].join(' ')
}
