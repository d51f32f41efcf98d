/** The machines that results come from: which are equal, how to keep others apart, what disturbed them together. */

import { environmentDifference } from '../difference.ts'
import type { Disturbance, Environment } from '../schema.ts'
import type { Part } from './part.ts'

/** Parts that were measured on equal machines, together; in the order in which the machines first appear. */
export function byEnvironment(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = []
  for (const part of parts) {
    const like = groups.find(
      ([first]) =>
        first !== undefined &&
        environmentDifference(first.result.environment, part.result.environment) === undefined,
    )
    if (like === undefined) groups.push([part])
    else like.push(part)
  }
  return groups
}

const machineText = ({ cpuModel, availableCores, node }: Environment): string =>
  `${cpuModel}, ${availableCores} ${availableCores === 1 ? 'core' : 'cores'}, Node ${node}`

/** The same part with its workloads named after its machine, so that nothing mixes with those of another one. */
export function onMachine({ path, result }: Part, machine: number): Part {
  const rename = <Named extends { workload: string }>(entry: Named): Named => ({
    ...entry,
    workload: `${entry.workload} (machine ${machine})`,
  })
  return {
    path,
    result: {
      ...result,
      workloads: result.workloads?.map((record) => ({
        ...record,
        name: `${record.name} (machine ${machine})`,
        summary: `${record.summary} (machine ${machine}: ${machineText(result.environment)})`,
        machine,
      })),
      cells: result.cells.map(rename),
      verdicts: result.verdicts.map(rename),
      diagnoses: result.diagnoses.map(rename),
      predictions: result.predictions?.map(rename),
      predictedCrossovers: result.predictedCrossovers?.map(rename),
      whatIf: result.whatIf && {
        ...result.whatIf,
        predictions: result.whatIf.predictions.map(rename),
        winners: result.whatIf.winners.map(rename),
        crossovers: result.whatIf.crossovers.map(rename),
      },
      timelines: result.timelines?.map(rename),
      skipped: result.skipped?.map(rename),
      pilots: result.pilots?.map(rename),
    },
  }
}

/** Of several machines or times the worst: a warning must not vanish because another shard went well. */
export function worst(environments: readonly Environment[]): Disturbance | undefined {
  const during = environments.flatMap(({ during: disturbance }): Disturbance[] =>
    disturbance === undefined ? [] : [disturbance],
  )
  if (during.length === 0) return undefined
  const together = (field: keyof Disturbance, join: (values: number[]) => number) => {
    const values = during.flatMap((each) => (typeof each[field] === 'number' ? [each[field]] : []))
    return values.length === 0 ? {} : { [field]: join(values) }
  }
  const most = (field: keyof Disturbance) => together(field, (values) => Math.max(...values))
  const sum = (field: keyof Disturbance) =>
    together(field, (values) => values.reduce((total, value) => total + value, 0))
  return {
    ...sum('durationMs'),
    ...most('otherCpuShare'),
    ...most('stealShare'),
    ...most('cpuPressureShare'),
    ...sum('quotaPeriods'),
    ...sum('throttledPeriods'),
    ...sum('throttledMs'),
    otherBoundbyPids: [...new Set(during.flatMap(({ otherBoundbyPids = [] }) => otherBoundbyPids))].slice(
      0,
      1000,
    ),
  }
}
