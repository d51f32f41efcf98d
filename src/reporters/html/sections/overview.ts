/** All workloads at a glance: who wins where, and what bounds them. */

import { formatSize } from '../../../analysis/quantities.ts'
import { boundShares } from '../charts/bound-shares.ts'
import { winnerMap } from '../charts/winner-map.ts'
import { figure } from '../figure.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import type { View } from '../view.ts'

export function overview({ drawn, workloads }: View): Markup | null {
  const charts = [winnerMap(drawn), boundShares(drawn)].filter((chart) => chart !== null)
  if (charts.length === 0) return null
  const omitted = workloads.length - drawn.length
  return markup`<section aria-labelledby="overview"><h2 id="overview">At a glance</h2>${omitted === 0 ? null : markup`<p class="note">Drawn are the first ${drawn.length} of ${formatSize(workloads.length)} workloads; the other ${formatSize(omitted)} are in the table of every cell at the end.</p>`}<div class="charts wide">${charts.map(figure)}</div></section>\n`
}
