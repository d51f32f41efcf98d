/** One workload: what was found in words, then its charts. */

import type { WorkloadResult } from '../../../analysis/by-workload.ts'
import { referenceArm } from '../../../analysis/by-workload.ts'
import { describePredictedCrossovers } from '../../../analysis/prediction-sentences.ts'
import { toldCrossovers } from '../../../analysis/crossover-sentences.ts'
import { shownRuntime } from '../../../analysis/runtime.ts'
import { groupedWarnings } from '../../../analysis/warnings/grouped.ts'
import { describeSkips } from '../../skip.ts'
import { costSplit } from '../charts/cost-split.ts'
import { predictionChart } from '../charts/predictions.ts'
import { speedUpChart } from '../charts/speed-up.ts'
import { timelineChart } from '../charts/timelines.ts'
import { figure } from '../figure.ts'
import type { Chart } from '../figure.ts'
import { maxSizesPerChart, thinned, timelineDetail } from '../limits.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { prose } from '../prose.ts'
import { contestsOf } from '../view.ts'
import type { View } from '../view.ts'

export function workloadSection(view: View, workload: WorkloadResult, index: number): Markup {
  const { summary, timelines } = view
  const id = `w${index + 1}`
  // What was predicted stands beside what was measured, on a chart; but for the sizes between those measured.
  const crossing = describePredictedCrossovers(workload, view.result)
  const sentences = [
    ...(summary.workloads.get(workload) ?? []).filter(({ topic }) => topic !== 'prediction'),
    ...(crossing === null || workload.control !== null ? [] : [crossing]),
  ]
  const warnings = contestsOf(workload).flatMap(({ sizes, runtime }) =>
    groupedWarnings(sizes).map((text) => (runtime === null ? text : `${shownRuntime(runtime)}: ${text}`)),
  )
  const skipped = describeSkips(contestsOf(workload).flatMap((contest) => contest.skipped))
  const all = [...timelines.values()].reduce((sum, { length }) => sum + length, 0)
  const charts = [
    costSplit(`${id}-cost`, workload),
    predictionChart(`${id}-model`, workload, view.predictions.get(workload.name) ?? []),
  ].filter((chart) => chart !== null)
  const speedUps = speedUpCharts(view, workload, id).filter((chart) => chart !== null)
  const timeline =
    workload.control === null
      ? timelineChart(`${id}-time`, workload.name, timelines.get(workload.name) ?? [], timelineDetail(all))
      : null
  const control = workload.control === null ? '' : `, ${workload.control} against itself`
  return markup`<article aria-labelledby="${id}"><h3 id="${id}">${workload.name}${control}</h3>${workload.record === undefined ? null : markup`<p class="about">${workload.record.summary}</p>`}${
    sentences.length === 0
      ? null
      : markup`<ul class="found">${sentences.map(({ text, topic }) => markup`<li class="${`t-${topic}`}">${prose(text)}</li>`)}</ul>`
  }<div class="charts"><div class="stack">${speedUps.map(figure)}</div>${charts.map(figure)}</div>${timeline === null ? null : figure(timeline)} ${asides(skipped, warnings)}</article>\n`
}

function asides(skipped: readonly string[], warnings: readonly string[]): Markup | null {
  if (skipped.length + warnings.length === 0) return null
  return markup`<details class="aside"><summary>${[
    ...(warnings.length === 0 ? [] : [`${warnings.length} to be careful about`]),
    ...(skipped.length === 0 ? [] : [`${skipped.length} not measured`]),
  ].join(
    ', ',
  )}</summary><ul>${[...warnings, ...skipped].map((text) => markup`<li>${prose(text)}</li>`)}</ul></details>`
}

/** One chart for each runtime, each over the serial executor of its own. */
function speedUpCharts({ result }: View, workload: WorkloadResult, id: string): readonly (Chart | null)[] {
  const { confidence, margin } = result.options
  return contestsOf(workload).map((contest, index) => {
    const reference = referenceArm(contest.arms)
    if (reference === undefined) return null
    const sizes = thinned(contest.sizes, maxSizesPerChart, ({ refines }) => refines)
    return speedUpChart({
      id: `${id}-speed-${index}`,
      workload: contest.control === null ? contest.name : `${contest.name}, ${contest.control}`,
      sizes,
      omittedSizes: contest.sizes.length - sizes.length,
      arms: contest.arms,
      reference,
      runtime: contest.runtime === null ? null : shownRuntime(contest.runtime),
      crossovers: toldCrossovers(contest, result.crossovers, margin),
      confidence,
    })
  })
}
