/** The claims that are no comparison: the pools' methods, and that process pools really are processes. */

import { formatCount, formatList } from '../quantities.ts'
import type { RuntimeCases } from './cases.ts'
import { notTested } from './claim.ts'
import type { Claim, Ruling } from './claim.ts'

/** The methods that the tutorial teaches. */
const taught = ['submit', 'map', 'shutdown'] as const

export const sameMethods: Claim = {
  id: 'same-methods',
  text: 'Both pools have the same methods: submit, map, shutdown',
  judge: ({ runtime: { poolMethods } }) => {
    if (poolMethods === undefined)
      return notTested('nobody looked at the pools of this runtime: boundby run looks when it begins')
    const missing = (['threads', 'processes'] as const).flatMap((pool) =>
      taught.filter((name) => !poolMethods[pool].includes(name)).map((name) => `${pool} has no ${name}`),
    )
    return missing.length === 0
      ? {
          outcome: 'holds',
          evidence: `both classes had ${formatList(taught)} when this run began; that they behave alike is not measured here`,
          reason: 'Both keep one contract, so that one can be put in the place of the other.',
        }
      : {
          outcome: 'refuted',
          evidence: formatList(missing),
          reason: 'The two pools do not keep the same contract.',
        }
  },
}

export const distinctProcesses: Claim = {
  id: 'distinct-processes',
  text: 'Tasks of a process pool run in processes of their own',
  judge: judgeProcesses,
}

/** By the process ids under which tasks ran, in makespans beside the ones that count. */
function judgeProcesses(cases: RuntimeCases): Ruling {
  const seen = cases.workloads.flatMap(({ name, sizes }) =>
    sizes.flatMap(({ cells }) =>
      cells
        .filter(({ executor }) => executor === cases.executor('processes'))
        .flatMap(({ workerProcesses: processes, workers }) =>
          processes === null ? [] : [{ name, processes, workers }],
        ),
    ),
  )
  const [fewest] = seen.toSorted(
    (one, other) => one.processes - other.processes || (one.name < other.name ? -1 : 1),
  )
  if (fewest === undefined)
    return notTested('no task of a process pool was observed: boundby run --executors serial,processes')
  if (fewest.processes === 0)
    return {
      outcome: 'refuted',
      evidence: `${fewest.name} ran in the process that submitted it`,
      reason: 'The pool did not start a process for it.',
    }
  const most = seen.reduce((best, one) => Math.max(best, one.processes), 0)
  const evidence = `in ${formatCount(seen.length, 'cell')} each task ran under another process id than the one that submitted it; in up to ${formatCount(most, 'process')}`
  return most > 1
    ? {
        outcome: 'holds',
        evidence,
        reason: 'Each worker of the pool is a child process, with a memory of its own.',
      }
    : {
        outcome: 'undecided',
        evidence: `${evidence}, so that two were never seen apart`,
        reason: 'One worker cannot show that two are distinct: --max-workers 2 can.',
      }
}
