/** What time went into, and how that looks on every chart: a colour and a pattern, explained in a key. */

import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

export type State =
  'cpu' | 'hidden' | 'runQueue' | 'blocked' | 'transfer' | 'dispatch' | 'way' | 'waiting' | 'ran' | 'unknown'

export const stateLabels: Readonly<Record<State, string>> = {
  cpu: 'on the CPU',
  hidden: 'on the CPU, in threads or processes that it waits for',
  runQueue: 'waiting for a core',
  blocked: 'blocked: waiting for something else',
  transfer: 'moving data',
  dispatch: 'handing over tasks',
  way: 'on its way to a worker, or back',
  waiting: 'workers without a task',
  ran: 'running (the system does not tell more)',
  unknown: 'not told apart by this system',
}

export const fillOf = (state: State): string => `s-${state}`
/** The same for a thick line, which takes fewer characters than a rectangle. */
export const lineOf = (state: State): string => `l-${state}`

/** The key of those states that are on a chart. */
export function stateKey(states: Iterable<State>): Markup {
  const present = new Set(states)
  const shown = (Object.keys(stateLabels) as State[]).filter((state) => present.has(state))
  return markup`<ul class="key">${shown.map(
    (state) =>
      markup`<li><svg class="k" aria-hidden="true"><rect class="${fillOf(state)}"/></svg>${stateLabels[state]}</li>`,
  )}</ul>`
}

const stripes = (id: string, turn: number, background: string, stroke: string, step: number): Markup =>
  markup`<pattern id="${id}" width="${step}" height="${step}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})"><rect class="${background}" width="${step}" height="${step}"/><path class="${stroke}" d="M0 0V${step}"/></pattern>`

const dots = (id: string, background: string, dot: string): Markup =>
  markup`<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="${background}" width="6" height="6"/><circle class="${dot}" cx="3" cy="3" r="1.1"/></pattern>`

/** Once a page; hidden in a way that leaves patterns usable. */
export const patterns: Markup = markup`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>${[
  stripes('p-hidden', 90, 'f-cpu', 't-paper', 5),
  stripes('p-queue', 45, 'f-queue', 't-queue', 5),
  dots('p-blocked', 'f-blocked', 'f-blocked-dot'),
  stripes('p-transfer', -45, 'f-transfer', 't-paper', 4),
  stripes('p-dispatch', 0, 'f-dispatch', 't-paper', 4),
  stripes('p-open', 45, 'f-open', 't-open', 7),
]}</defs></svg>`
