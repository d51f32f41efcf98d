/** What the launches of a race come to: medians with their spread, ratios to the best peer and to the raw limit. */

import { markdownTable } from '../page.ts'
import type { Contender } from './contenders.ts'
import { measures } from './measures.ts'
import type { Measure, Numbers } from './measures.ts'

/** Of one contender, by the id of the measure: one value a launch. */
export type Samples = ReadonlyMap<string, readonly number[]>

export interface Raced {
  readonly contender: Contender
  readonly samples: Samples
  /** Why a launch gave nothing, if one did. */
  readonly failure?: string
}

export interface Ratio {
  readonly measure: string
  /** Above 1: ours is better so many times. */
  readonly toBestPeer: number | null
  readonly bestPeer: string | null
  readonly toRaw: number | null
}

export function gather(launches: readonly Numbers[]): Samples {
  const samples = new Map<string, number[]>()
  for (const numbers of launches)
    for (const [id, value] of Object.entries(numbers)) samples.set(id, [...(samples.get(id) ?? []), value])
  return samples
}

/** Between two values by interpolation: the median of two is their middle. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const at = share * (sorted.length - 1)
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (at - Math.floor(at)) * (high - low)
}

const medianOf = (values: readonly number[]): number => quantile(values, 0.5)

/** Half the distance between the quartiles, as a share of the median. */
function spreadOf(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / medianOf(values)
}

interface Scored {
  readonly name: string
  readonly value: number
}

function bestOf(raced: readonly Raced[], measure: Measure, isPeer: (one: Raced) => boolean): Scored | null {
  const scored = raced.filter(isPeer).flatMap(({ contender, samples }): Scored[] => {
    const values = samples.get(measure.against?.id ?? measure.id)
    return values === undefined ? [] : [{ name: contender.name, value: medianOf(values) }]
  })
  const sorted = scored.toSorted((one, other) =>
    measure.better === 'more' ? other.value - one.value : one.value - other.value,
  )
  return sorted[0] ?? null
}

/** Where exactness is the point (trees), only peers that keep values exact count. */
const exactOnly = new Set(['treeMBs'])

export function ratiosOf(raced: readonly Raced[]): Ratio[] {
  const ours = raced.find(({ contender }) => contender.role === 'ours')
  return measures.flatMap((measure): Ratio[] => {
    const values = ours?.samples.get(measure.id)
    if (values === undefined) return []
    const value = medianOf(values)
    const isPeer = ({ contender: { role } }: Raced): boolean =>
      role === 'peer' || (role === 'inexact' && !exactOnly.has(measure.id))
    const peer = bestOf(raced, measure, isPeer)
    const raw = bestOf(raced, measure, ({ contender: { role } }) => role === 'raw')
    const times = (other: Scored | null): number | null =>
      other === null ? null : measure.better === 'more' ? value / other.value : other.value / value
    return [{ measure: measure.id, toBestPeer: times(peer), bestPeer: peer?.name ?? null, toRaw: times(raw) }]
  })
}

function cell(values: readonly number[] | undefined, digits: number): string {
  if (values === undefined) return '–'
  return `${medianOf(values).toFixed(digits)} ±${Math.round(100 * spreadOf(values))} %`
}

const times = (ratio: number | null): string =>
  ratio === null ? '–' : `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`

/** One row a measure, one column a contender, and the ratios at the end. */
export function tableOf(raced: readonly Raced[]): string {
  const ratios = new Map(ratiosOf(raced).map((ratio) => [ratio.measure, ratio]))
  const used = measures.filter(({ id }) => raced.some(({ samples }) => samples.has(id)))
  const rows = used.map(({ id, title, digits }) => {
    const ratio = ratios.get(id)
    return [
      title,
      ...raced.map(({ samples }) => cell(samples.get(id), digits)),
      ratio === undefined || ratio.bestPeer === null ? '–' : `${times(ratio.toBestPeer)} (${ratio.bestPeer})`,
      times(ratio?.toRaw ?? null),
    ]
  })
  return markdownTable(
    ['', ...raced.map(({ contender }) => contender.name), 'ours to the best peer', 'ours to raw'],
    rows,
  )
}

/** What a reader wants to know first: ours, the best peer, and how many times better ours is. */
export function summaryOf(raced: readonly Raced[]): string {
  const ours = raced.find(({ contender }) => contender.role === 'ours')
  const rows = ratiosOf(raced).flatMap(({ measure: id, toBestPeer, bestPeer, toRaw }) => {
    const measure = measures.find((one) => one.id === id)
    if (measure === undefined || bestPeer === null) return []
    const { against } = measure
    const peer = raced.find(({ contender }) => contender.name === bestPeer)?.samples.get(against?.id ?? id)
    const note = against === undefined ? '' : `, ${against.note}`
    const theirs = `${cell(peer, measure.digits)} (${bestPeer}${note})`
    return [
      [measure.title, cell(ours?.samples.get(id), measure.digits), theirs, times(toBestPeer), times(toRaw)],
    ]
  })
  return markdownTable(['', 'boundby', 'best peer', 'ours to it', 'ours to raw Node'], rows)
}
