/** What a claim is: a sentence of the tutorial with its own test, and how what workloads say becomes one outcome. */

import type { Guidance } from '../../results/schema.ts'
import { formatList, formatPercent, formatRatio, formatSize } from '../quantities.ts'
import type { ComparedCell, RuntimeCases } from './cases.ts'

export type Outcome = Guidance['outcome']
type Decided = 'holds' | 'refuted'

/** A sentence of the tutorial; pure: the same cases give the same ruling. */
export interface Claim {
  /** Stable, for programs. */
  readonly id: string
  readonly text: string
  readonly judge: (cases: RuntimeCases) => Ruling
}

export interface Ruling {
  readonly outcome: Outcome
  /** The numbers; where nothing was tested, what is missing and how to get it. */
  readonly evidence: string
  /** Why, in a sentence. */
  readonly reason: string
}

/** What one workload says of a claim. */
export interface Finding {
  readonly workload: string
  /** Undecided unless the comparison it rests on was decided at the error of the whole run. */
  readonly outcome: Exclude<Outcome, 'not tested'>
  /** In words and numbers: `at 10 threads ×8 was 6.50× as fast as serial (6.10× to 6.90×)`. */
  readonly evidence: string
  /** How clear it is, as a log-ratio: the clearest is told first. */
  readonly effect: number
  /** Why it is so here, where that differs from workload to workload. */
  readonly reason?: string
}

export type Reasons = Readonly<Record<Decided, string>>

const tooClose = 'Too close or too noisy to tell; a longer --budget measures more launches.'

export const notTested = (missing: string): Ruling => ({
  outcome: 'not tested',
  evidence: missing,
  reason: 'Nothing that was measured can tell.',
})

/** Of a general sentence: what most of the workloads say that were decided; the others are named. */
export function ruleByMost(findings: readonly Finding[], missing: string, reasons: Reasons): Ruling {
  if (findings.length === 0) return notTested(missing)
  const [holds, refuted] = [having(findings, 'holds'), having(findings, 'refuted')]
  const evidence = [
    ...told('holds in', holds),
    ...told('not in', refuted),
    ...told('open in', having(findings, 'undecided')),
  ].join('; ')
  const lead = Math.sign(holds.length - refuted.length)
  if (lead === 0) {
    const reason = holds.length === 0 ? tooClose : 'As many workloads speak for it as against it.'
    return { outcome: 'undecided', evidence, reason }
  }
  const outcome = lead > 0 ? 'holds' : 'refuted'
  const [clearest] = lead > 0 ? holds : refuted
  return { outcome, evidence, reason: clearest?.reason ?? reasons[outcome] }
}

/** Of a sentence that says what can happen: one workload is enough, and all are needed to refute it. */
export function ruleByOne(findings: readonly Finding[], missing: string, reasons: Reasons): Ruling {
  if (findings.length === 0) return notTested(missing)
  const found = (['holds', 'undecided', 'refuted'] as const).find((one) => having(findings, one).length > 0)
  const outcome = found ?? 'undecided'
  const evidence = told('in', having(findings, outcome)).join('')
  return { outcome, evidence, reason: outcome === 'undecided' ? tooClose : reasons[outcome] }
}

/** The clearest first; then by name, so that the order of cells changes nothing. */
function having(findings: readonly Finding[], outcome: Outcome): Finding[] {
  return findings
    .filter((finding) => finding.outcome === outcome)
    .toSorted(
      (one, other) =>
        Math.abs(other.effect) - Math.abs(one.effect) || (one.workload < other.workload ? -1 : 1),
    )
}

/** The clearest with its numbers, the others by name. */
function told(how: string, [first, ...others]: readonly Finding[]): string[] {
  if (first === undefined) return []
  const also = others.length === 0 ? '' : `; also ${formatList(others.map(({ workload }) => workload))}`
  return [`${how} ${first.workload} (${first.evidence})${also}`]
}

/** `threads ×8 was 6.50× as fast as serial (6.10× to 6.90×)`; slower ones the other way round. */
export function describePair({ label, overSerial }: ComparedCell, serial: string, margin: number): string {
  const { ratio, interval, outcome } = overSerial
  if (outcome === 'equivalent') return `${label} and ${serial} are within ${formatPercent(margin)}`
  const isSlower = outcome === 'slower' || (outcome === 'open' && ratio < 1)
  const shown = isSlower ? 1 / ratio : ratio
  const [low, high] = isSlower ? [interval?.[1], interval?.[0]] : [interval?.[0], interval?.[1]]
  const bounds = [low, high].map((end) =>
    end === undefined || end <= 0 ? null : formatRatio(isSlower ? 1 / end : end),
  )
  const range = bounds.includes(null) ? '' : ` (${bounds.join(' to ')})`
  return isSlower
    ? `${label} took ${formatRatio(shown)} as long as ${serial}${range}`
    : `${label} was ${formatRatio(shown)} as fast as ${serial}${range}`
}

export const atSize = (size: number): string => `at ${formatSize(size)}`
