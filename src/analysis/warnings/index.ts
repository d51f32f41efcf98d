/** Every caution applied to a result: what is doubtful about each verdict, and about the run. */

import type { Environment, Result } from '../../results/schema.ts'
import { anotherBoundbyWarnings } from './another-boundby.ts'
import { budgetWarnings } from './budget.ts'
import { clockWarnings } from './clock.ts'
import { coresWarnings } from './cores.ts'
import { driftWarnings } from './drift.ts'
import { fewLaunchesWarnings } from './few-launches.ts'
import { frequencyWarnings } from './frequency.ts'
import { loadWarnings } from './load.ts'
import { quotaWarnings } from './quota.ts'
import { findSlowCells, slowLaunchesRunWarnings, slowLaunchesWarnings } from './slow-launches.ts'
import { variablesWarnings } from './variables.ts'
import { warmUpWarnings } from './warm-up.ts'
import type { Warning } from './warning.ts'
import { racedCells, warningText } from './warning.ts'

/** What about a machine disturbs measuring, of what is known of it. */
export function machineWarnings(environment: Environment): readonly Warning[] {
  return [
    ...anotherBoundbyWarnings(environment),
    ...loadWarnings(environment),
    ...quotaWarnings(environment),
    ...coresWarnings(environment),
    ...frequencyWarnings(environment),
    ...variablesWarnings(environment),
  ]
}

/** The result with its warnings in place, and nothing else changed. */
export function withWarnings(result: Result): Result {
  const { cells, environment, options } = result
  const slowCells = findSlowCells(cells, options.seed)
  return {
    ...result,
    verdicts: result.verdicts.map((verdict) => {
      const raced = racedCells(verdict, cells)
      const warnings = [
        ...slowLaunchesWarnings(verdict, cells, slowCells),
        ...driftWarnings(raced, options.margin),
        ...warmUpWarnings(verdict, result),
        ...clockWarnings(raced, environment, options.margin),
        ...fewLaunchesWarnings(raced, options.budgetMs),
      ]
      return { ...verdict, warnings: warnings.map(warningText) }
    }),
    warnings: [
      ...machineWarnings(environment),
      ...budgetWarnings(result),
      ...slowLaunchesRunWarnings(result, slowCells),
    ].map(warningText),
  }
}
