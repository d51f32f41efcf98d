/** Whether the author of a workload was right about what bounds it. */

import type { Diagnosis } from '../results/schema.ts'
import type { WorkloadResult } from './by-workload.ts'
import { formatList, formatPercent, formatSize } from './quantities.ts'
import type { Sentence } from './sentence.ts'

/** What a diagnosis found, as a name and as it is said. */
const boundPhrases: Readonly<Record<Diagnosis['bound'], string>> = {
  cpu: 'bound by the CPU',
  io: 'bound by I/O',
  mixed: 'bound by both I/O and the CPU',
  overhead: 'mostly overhead',
}

/** Judged at the largest size that was diagnosed: small ones may be mostly overhead, whatever the task does. */
export function describeHypothesis(workload: WorkloadResult): readonly Sentence[] {
  const expects = workload.record?.expects
  const diagnosed = workload.sizes.flatMap(({ diagnosis }) => diagnosis ?? [])
  const largest = diagnosed.at(-1)
  if (expects === undefined || largest === undefined) return []
  const right = largest.bound === expects
  const others = diagnosed.filter(({ bound }) => bound !== largest.bound)
  const exceptions = [...new Set(others.map(({ bound }) => bound))].map((bound) => {
    const sizes = others.filter((other) => other.bound === bound).map(({ size }) => formatSize(size))
    return `at ${formatList(sizes)} it was ${boundPhrases[bound]}`
  })
  const text = [
    `The author expected it to be ${boundPhrases[expects]}: ${right ? 'right' : 'not so'}.`,
    `At ${formatSize(largest.size)} it was ${finding(largest, right)}`,
  ].join(' ')
  return [{ topic: 'hypothesis', text: `${[text, ...exceptions].join('; ')}.` }]
}

function finding(diagnosis: Diagnosis, expected: boolean): string {
  const { bound } = diagnosis
  // Overhead keeps the CPU busy too: its share would suggest the opposite of what was found.
  if (bound === 'overhead') return boundPhrases[bound]
  return expected ? shares(diagnosis) : `${boundPhrases[bound]}: ${shares(diagnosis)}`
}

function shares({ cpuShare, blockedShare, runQueueShare }: Diagnosis): string {
  const parts = [`on the CPU for ${formatPercent(cpuShare)} of the time`]
  if (blockedShare >= 0.005) parts.push(`waiting for ${formatPercent(blockedShare)}`)
  if (runQueueShare !== null && runQueueShare >= 0.05)
    parts.push(`short of a core for ${formatPercent(runQueueShare)}`)
  return formatList(parts)
}
