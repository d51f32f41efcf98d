/** Whether two results come from machines whose times may be compared. */

import type { Environment } from '../../results/schema.ts'

export interface EnvironmentDifference {
  readonly what: string
  readonly baseline: string
  readonly candidate: string
}

const nodeMajor = ({ node }: Environment): string => /\d+/u.exec(node)?.[0] ?? node
const quota = ({ cpuQuotaCores }: Environment): string =>
  cpuQuotaCores === null ? 'none' : String(cpuQuotaCores)

const compared: readonly (readonly [what: string, read: (environment: Environment) => string])[] = [
  ['CPU', ({ cpuModel }) => cpuModel],
  ['cores', ({ cores }) => String(cores)],
  ['CPU quota', quota],
  ['Node major', nodeMajor],
  ['platform', ({ platform, arch }) => `${platform} ${arch}`],
]

/** What differs between the machines, so that times do not compare; empty if nothing does. */
export function environmentDifferences(
  baseline: Environment,
  candidate: Environment,
): readonly EnvironmentDifference[] {
  return compared.flatMap(([what, read]) => {
    const [before, after] = [read(baseline), read(candidate)]
    return before === after ? [] : [{ what, baseline: before, candidate: after }]
  })
}
