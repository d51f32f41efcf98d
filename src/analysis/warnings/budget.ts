/** A run that was interrupted, and went on with another budget than it began with. */

import type { Result } from '../../results/schema.ts'
import { formatDuration, formatList } from '../quantities.ts'
import type { Warning } from './warning.ts'

export function budgetWarnings({ earlierBudgetsMs = [], options }: Result): readonly Warning[] {
  if (earlierBudgetsMs.length === 0) return []
  const before = formatList(earlierBudgetsMs.map(formatDuration))
  return [
    {
      caution: 'budget',
      message: `the run was planned for a budget of ${before}, and went on with ${formatDuration(options.budgetMs)}; what was left out as too long before stays out until a run starts afresh`,
    },
  ]
}
