/** Who wins a workload from which size on, by how much and how surely, in words. */

import type { Result } from '../results/schema.ts'
import { measuredCell, serialArm } from './by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from './by-workload.ts'
import { formatCount, formatList, formatPercent, formatRatio, formatSize } from './quantities.ts'
import type { Sentence } from './sentence.ts'

/** Sizes in a row with the same verdict on the same arms; never empty. */
type Stretch = readonly [Raced, ...Raced[]]
type Raced = SizeResult & { readonly verdict: NonNullable<SizeResult['verdict']> }

export function describeWinners(workload: WorkloadResult, options: Result['options']): readonly Sentence[] {
  const stretches = stretchesOf(workload.sizes)
  return stretches.map((stretch, index) => ({
    topic: 'winner',
    text: describeStretch(stretch, positionOf(index, stretches), options),
  }))
}

function stretchesOf(sizes: readonly SizeResult[]): readonly Stretch[] {
  const stretches: [Raced, ...Raced[]][] = []
  for (const at of sizes) {
    if (!hasVerdict(at)) continue
    const stretch = stretches.at(-1)
    if (stretch !== undefined && sameVerdict(stretch[0], at)) stretch.push(at)
    else stretches.push([at])
  }
  return stretches
}

function hasVerdict(at: SizeResult): at is Raced {
  return at.verdict !== undefined
}

function sameVerdict(a: Raced, b: Raced): boolean {
  const leaders = new Set(a.leaders)
  return (
    a.verdict.kind === b.verdict.kind &&
    a.leaders.length === b.leaders.length &&
    b.leaders.every((arm) => leaders.has(arm))
  )
}

type Position = 'only' | 'first' | 'middle' | 'last'

function positionOf(index: number, stretches: readonly Stretch[]): Position {
  if (stretches.length === 1) return 'only'
  if (index === 0) return 'first'
  return index === stretches.length - 1 ? 'last' : 'middle'
}

function describeRange(stretch: Stretch, position: Position): string {
  const from = formatSize(stretch[0].size)
  const to = formatSize(largest(stretch).size)
  if (stretch.length === 1) return position === 'last' ? `At ${from}, the largest size,` : `At size ${from}`
  if (position === 'only') return `At every size measured (${from} to ${to})`
  if (position === 'first') return `Up to size ${to}`
  return position === 'last' ? `From size ${from} on` : `From size ${from} to ${to}`
}

function largest(stretch: Stretch): Raced {
  return stretch.at(-1) ?? stretch[0]
}

function describeStretch(stretch: Stretch, position: Position, options: Result['options']): string {
  const at = largest(stretch)
  const where = stretch.length === 1 ? '' : ` at ${formatSize(at.size)}`
  const range = describeRange(stretch, position)
  const labels = at.leaders.map(({ label }) => label)
  if (at.verdict.kind === 'undecided')
    return `${range} ${describeOpenRace(at, labels, where)}. ${asSentence(at.verdict.reason)}`.trim()
  if (at.verdict.kind === 'tie') {
    return `${range} ${formatList(labels)} are tied within ${formatPercent(options.margin)}${overSerial(at, where)}.`
  }
  return `${range} ${labels[0]} wins${overSerial(at, where)}${overRunnerUp(at, where)}.`
}

/** Leaders come with the smallest median first. */
function describeOpenRace(at: Raced, [first, ...others]: readonly string[], where: string): string {
  if (first === undefined) return 'there is no verdict'
  if (others.length === 0) return `it is undecided: only ${first} is left${overSerial(at, where)}`
  const { ratio, over } = at.verdict
  const lead =
    ratio === null || at.leaders[0]?.executor === over ? '' : ` (${formatRatio(ratio)} as fast as ${over})`
  const rivals = `${formatList(others)} ${others.length === 1 ? 'is' : 'are'} still in the race`
  return `it is undecided: ${first} is ahead${where}${lead}, but ${rivals}`
}

/** By how much and how surely the leader beats serial; nothing where serial leads itself. */
function overSerial(at: Raced, where: string): string {
  const { ratio, interval, over, launches } = at.verdict
  if (ratio === null || at.leaders.some(({ executor }) => executor === over)) return ''
  const evidence = [
    ...(interval === null ? [] : [`${formatRatio(interval[0])} to ${formatRatio(interval[1])}`]),
    ...(launches === undefined ? [] : [formatCount(launches, 'launch')]),
  ].join(', ')
  return `, ${formatRatio(ratio)} as fast as ${over}${where}${evidence === '' ? '' : ` (${evidence})`}`
}

/** The best of the others, where it is not serial, of which was spoken already. */
function overRunnerUp(at: Raced, where: string): string {
  const [winner] = at.leaders
  const best = winner && measuredCell(at, winner)
  const runnerUp = fastest(
    at,
    [...at.cells.keys()].filter((arm) => arm !== winner),
  )
  if (best === undefined || runnerUp === undefined) return ''
  const spokenOf = winner === serialArm(at.cells.keys()) ? '' : serialArm(at.cells.keys())
  if (runnerUp.arm === spokenOf || best.medianMs === 0) return ''
  const ratio = formatRatio(runnerUp.medianMs / best.medianMs)
  return `; the next, ${runnerUp.arm.label}, took ${ratio} as long${spokenOf === '' ? where : ''}`
}

/** The arm with the smallest median among those that were measured. */
export function fastest(at: SizeResult, arms: readonly Arm[]): { arm: Arm; medianMs: number } | undefined {
  return arms
    .flatMap((arm) => {
      const cell = measuredCell(at, arm)
      return cell === undefined ? [] : [{ arm, medianMs: cell.medianMs }]
    })
    .toSorted((a, b) => a.medianMs - b.medianMs)[0]
}

/** A reason comes without fixed punctuation. */
function asSentence(reason: string): string {
  const text = reason.trim()
  if (text === '') return ''
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/u.test(text) ? '' : '.'}`
}
