/** What a result says in plain words: pure, from the data of a result to sentences as data. */

import type { Result } from '../results/schema.ts'
import type { WorkloadResult } from './by-workload.ts'
import { describeCauses } from './causes.ts'
import { summarizeControl } from './control.ts'
import type { ControlSummary } from './control.ts'
import { describeCrossovers } from './crossover-sentences.ts'
import { casesOf } from './guidance/cases.ts'
import { findMisuse } from './guidance/misuse-degrades.ts'
import { describeHypothesis } from './hypothesis.ts'
import { describePredictions } from './prediction-sentences.ts'
import { runtimesOf, shownRuntime } from './runtime.ts'
import type { Sentence } from './sentence.ts'
import { describeWinners } from './winners.ts'

export interface Summary {
  /** In the order of the workloads given. */
  readonly workloads: ReadonlyMap<WorkloadResult, readonly Sentence[]>
  /** Of a control, which says nothing about its workloads. */
  readonly control: ControlSummary | null
}

/** @param workloads what `byWorkload(result)` returned. */
export function summarize(result: Result, workloads: readonly WorkloadResult[]): Summary {
  const control = summarizeControl(result)
  if (control !== null) return { workloads: new Map(), control }
  const misuses = misusesOf(result)
  return {
    workloads: new Map(
      workloads.map((workload) => [
        workload,
        [
          ...describeWinners(listed(workload), result.options),
          ...describeCauses(listed(workload)),
          ...describeCrossovers(workload, result.crossovers, result.options.margin),
          ...describeHypothesis(listed(workload)),
          ...describePredictions(listed(workload), result),
          ...(misuses.get(workload.name) ?? []),
          ...workload.twins.flatMap((twin) => describeTwin(twin, result)),
        ],
      ]),
    ),
    control,
  }
}

/** Who wins among CPython's executors: they race each other, never Node's. */
function describeTwin(twin: WorkloadResult, { options, crossovers }: Result): Sentence[] {
  return [...describeWinners(twin, options), ...describeCrossovers(twin, crossovers, options.margin)].map(
    ({ topic, text }) => ({
      topic,
      text: `${shownRuntime(twin.runtime ?? 'node')}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`,
    }),
  )
}

/** Sizes that were added to place a crossover serve its sentence; the others are about what was asked. */
function listed(workload: WorkloadResult): WorkloadResult {
  return { ...workload, sizes: workload.sizes.filter(({ refines }) => !refines) }
}

/** By workload, in each runtime the executor that surely lost most. */
function misusesOf(result: Result): ReadonlyMap<string, readonly Sentence[]> {
  const sentences = new Map<string, Sentence[]>()
  for (const runtime of runtimesOf(result)) {
    const cases = casesOf(result, runtime)
    for (const workload of cases.workloads) {
      const misuse = findMisuse(cases, workload)
      if (misuse?.outcome !== 'holds') continue
      const told = sentences.get(workload.name) ?? []
      sentences.set(workload.name, [
        ...told,
        { topic: 'misuse', text: `The wrong choice costs: ${misuse.evidence}.` },
      ])
    }
  }
  return sentences
}
