/** Environment variables that every Node process of a run inherits, and pays for. */

import type { Environment } from '../../results/schema.ts'
import { formatList } from '../quantities.ts'
import type { Warning } from './warning.ts'

export function variablesWarnings({ extraCaCerts, nodeOptions }: Environment): readonly Warning[] {
  const variables = [
    ...(extraCaCerts === true ? ['NODE_EXTRA_CA_CERTS (it slows each start of Node)'] : []),
    ...(nodeOptions === true ? ['NODE_OPTIONS (workers inherit it)'] : []),
  ]
  if (variables.length === 0) return []
  return [
    {
      caution: 'variables',
      message: `the environment has ${formatList(variables)}; unset what the run does not need`,
    },
  ]
}
