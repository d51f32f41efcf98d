/** What about this machine would disturb a measurement, told before anybody believes a number. */

import type { Environment } from '../../results/schema.ts'
import { formatList } from '../quantities.ts'

/** Share of the cores that others may keep busy before it is worth a word. */
const tolerableLoad = 0.5

export function environmentWarnings(environment: Environment): readonly string[] {
  const { availableCores, cores, cpuQuotaCores, loadAverage } = environment
  const load = loadAverage?.[0] ?? 0
  const variables = [
    ...(environment.extraCaCerts === true ? ['NODE_EXTRA_CA_CERTS (it slows each start of Node)'] : []),
    ...(environment.nodeOptions === true ? ['NODE_OPTIONS (workers inherit it)'] : []),
  ]
  return [
    ...(load > cores * tolerableLoad
      ? [
          `The machine was busy before the run (load ${load.toFixed(1)} on ${cores} cores): close other programs, or trust ratios only.`,
        ]
      : []),
    ...(cpuQuotaCores !== null && cpuQuotaCores < cores
      ? [`A quota allows ${cpuQuotaCores} of ${cores} cores: bursts beyond it are throttled.`]
      : []),
    ...(availableCores < 2
      ? ['With fewer than 2 cores no pool can speed up work that is bound by the CPU.']
      : []),
    ...(variables.length === 0
      ? []
      : [`Set in the environment: ${formatList(variables)}; unset what the run does not need.`]),
  ]
}
