/** The top of the page: the answer in a sentence, who wins where behind it, and how sure that is. */

import type { Standing, StandingGroup } from '../../../analysis/headline.ts'
import { formatCount, formatDuration, formatRatio, formatSize } from '../../../analysis/quantities.ts'
import { machineText, severalMachines } from '../../machines.ts'
import { verdictGlyphs } from '../charts/winner-map.ts'
import { lookOf } from '../executor-look.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { prose } from '../prose.ts'
import { swatch } from '../shapes.ts'
import type { View } from '../view.ts'

/** Of one group; the others are in the map. */
const maxStandings = 12

export function answer({ headline, result }: View): Markup {
  const { environment, durationMs, interrupted, startedAt } = result
  return markup`<header><p class="brand">boundby <span>${startedAt === undefined ? '' : startedAt.slice(0, 10)}</span></p><h1>${prose(headline.text)}</h1>${interrupted === null || interrupted === undefined ? null : markup`<p class="warning">Interrupted: ${interrupted}</p>`}${
    headline.groups.length === 0 ? null : markup`<ul class="standings">${headline.groups.map(group)}</ul>`
  }<p class="lead">${prose(headline.sureness)}</p><p class="machine">${severalMachines(result)?.join('; ') ?? `${machineText(environment)}, Node ${environment.node}`}; ${formatCount(result.cells.length, 'cell')}${durationMs === undefined ? '' : ` in ${formatDuration(durationMs)}`}</p></header>\n`
}

function group({ kind, executor, standings }: StandingGroup): Markup {
  const name = executor ?? (kind === 'tie' ? 'tied' : 'undecided')
  const shown = standings.slice(0, maxStandings)
  const omitted = standings.length - shown.length
  return markup`<li><span class="who"><b class="glyph">${verdictGlyphs[kind]}</b>${executor === null ? null : swatch(lookOf(executor))}<b class="${executor === null ? '' : `${lookOf(executor).className} ink`}">${name}</b></span><span class="where">${shown.map(
    (standing, index) => markup`${index === 0 ? '' : ', '}${place(standing)}`,
  )}${omitted === 0 ? '' : ` and ${formatSize(omitted)} more`}</span></li>`
}

function place({ workload, at }: Standing): Markup {
  const { verdict, leaders } = at
  const names = leaders.map(({ label }) => label)
  const rivals = {
    winner: '',
    tie: ` (${names.join(', ')})`,
    undecided:
      names.length < 3 ? ` (${names.join(' or ')})` : ` (${names[0]} ahead of ${names.length - 1} others)`,
  }[verdict?.kind ?? 'winner']
  const over =
    verdict?.kind !== 'winner' || verdict.ratio === null
      ? ''
      : ` ${formatRatio(verdict.ratio)}${verdict.interval === null ? '' : ` (${formatRatio(verdict.interval[0])} to ${formatRatio(verdict.interval[1])})`}`
  return markup`<span class="standing">${workload.name}<small>${over}${rivals}</small></span>`
}
