/** Which assumption of the model failed, where a measured makespan lies outside of what was predicted. */

import type { Cell } from '../results/schema.ts'
import type { Forecast, MakespanTerms } from './model.ts'
import { formatDuration } from './quantities.ts'

type Term = keyof MakespanTerms | 'uneven'

const isPool = ({ executor }: Cell): boolean => executor !== 'event-loop' && executor !== 'serial'

/** What it means that more of the makespan went there than the model expected. */
const explainMore: Readonly<Record<Term, string>> = {
  cpu: 'the tasks take longer on the CPU here than under the serial executor',
  runQueue: 'cores were missing: what was ready to go on waited for one, more than in the serial run',
  blocked: 'what the tasks wait for has no room for all: they wait longer together than alone',
  transfer: 'moving the data takes longer than writing and reading it once',
  dispatch: 'handing over takes longer than it does with tasks that do nothing',
  uneven: 'the work was not shared out evenly: some workers were done while others still worked',
}
const sharing = 'the tasks share something: side by side they take longer on the CPU than one after the other'

const overlaps =
  'handing over takes less than it does with tasks that do nothing, since it overlaps with the work'

/** What it means that less went there. */
const explainLess: Readonly<Record<Term, string>> = {
  cpu: 'the tasks cost less CPU time here than one after the other: what is kept warm is not paid again',
  runQueue: 'the serial run waited for a core more often than this one did',
  blocked: 'the waiting overlaps more than the serial run lets expect',
  transfer: 'moving the data takes less than writing and reading it once, since it overlaps with the work',
  dispatch: overlaps,
  uneven: overlaps,
}

function explain(term: Term, sign: 1 | -1, cell: Cell): string {
  if (sign === -1) return explainLess[term]
  const isSideBySide = isPool(cell) && (cell.workers ?? 1) > 1
  return term === 'cpu' && isSideBySide ? sharing : explainMore[term]
}

const labels: Readonly<Record<Term, string>> = {
  dispatch: 'dispatch',
  transfer: 'transfer',
  cpu: 'on the CPU',
  runQueue: 'waiting for a core',
  blocked: 'blocked',
  uneven: 'idle',
}

/** The term that differs most, in the direction in which the makespan does. */
function culprit(
  measured: ReadonlyMap<Term, number>,
  terms: MakespanTerms,
  sign: 1 | -1,
): [Term, number] | null {
  let worst: [Term, number] | null = null
  for (const [term, ms] of measured) {
    const expectedMs = term === 'uneven' ? 0 : terms[term]
    const excessMs = sign * (ms - expectedMs)
    if (excessMs > 0 && (worst === null || excessMs > worst[1])) worst = [term, excessMs]
  }
  return worst
}

/** Parts of a cell's costs that the model speaks of; a part that the system does not tell is left out. */
function measuredTerms({ costsMs, workers, tasks }: Cell): Map<Term, number> {
  // Workers without any task are foreseen.
  const spare = workers === null ? 0 : Math.max(0, workers - tasks) / workers
  const { idle = 0, imbalance = 0, startup: _startup, ...parts } = costsMs
  const total =
    idle +
    Object.values(parts).reduce<number>((sum, ms) => sum + (typeof ms === 'number' ? ms : 0), imbalance)
  const terms: [Term, number | undefined][] = [
    ['dispatch', costsMs.dispatch],
    ['transfer', costsMs.transfer],
    ['cpu', costsMs.cpu],
    ['runQueue', costsMs.runQueue],
    ['blocked', costsMs.blocked],
    ['uneven', Math.max(0, idle + imbalance - spare * total)],
  ]
  return new Map(terms.flatMap(([term, ms]) => (ms === undefined ? [] : [[term, ms]])))
}

/**
 * Compares a cell with its forecast, term by term.
 * @returns null where the makespan lies within the interval, or was not measured.
 */
export function explainDisagreement(cell: Cell, { intervalMs, predictedMs, terms }: Forecast): string | null {
  const { medianMs } = cell
  if (cell.error !== null || medianMs === null) return null
  if (medianMs >= intervalMs[0] && medianMs <= intervalMs[1]) return null
  const sign = medianMs > predictedMs ? 1 : -1
  const found = cell.costsMs.dispatch === undefined ? null : culprit(measuredTerms(cell), terms, sign)
  if (found === null)
    return `it took ${formatDuration(medianMs)} instead of ${formatDuration(predictedMs)}, and its costs do not tell why`
  const [term] = found
  const expected = formatDuration(term === 'uneven' ? 0 : terms[term])
  const measured = formatDuration(measuredTerms(cell).get(term) ?? 0)
  return `${explain(term, sign, cell)} (${labels[term]}: ${measured} instead of ${expected})`
}
