/** What a warning is: a doubt beside a number, as data; it never refuses a measurement and changes no verdict. */

import type { Cell, Verdict } from '../../results/schema.ts'
import { isSerial } from '../by-workload.ts'

/** One id for each file of this folder that gives warnings; slow-mode is slow-launches.ts. */
export type Caution =
  | 'another-boundby'
  | 'budget'
  | 'clock'
  | 'cores'
  | 'drift'
  | 'few-launches'
  | 'frequency'
  | 'load'
  | 'quota'
  | 'slow-mode'
  | 'variables'
  | 'warm-up'

export interface Warning {
  readonly caution: Caution
  /** What was seen, with its numbers, and what to do; a sentence without its full stop. */
  readonly message: string
}

/** As the result file has it: `drift: from the first … again.`. */
export function warningText({ caution, message }: Warning): string {
  return `${caution}: ${message}.`
}

/** The caution and the message of a text from a result file; a text of another origin has no caution. */
export function splitWarning(text: string): { readonly caution: string | null; readonly message: string } {
  const [, caution, message] = /^([a-z]+(?:-[a-z]+)*): (.*)$/su.exec(text) ?? []
  return caution === undefined || message === undefined
    ? { caution: null, message: text }
    : { caution, message }
}

/** The race of a verdict: the cells that it compares, those that failed left out. */
export function racedCells(verdict: Verdict, cells: readonly Cell[]): readonly Cell[] {
  return cells.filter(
    ({ workload, size, executor, runtime, launches, error }) =>
      workload === verdict.workload &&
      runtime === verdict.runtime &&
      size === verdict.size &&
      // A control has a verdict for each executor, which races itself.
      (verdict.arms === undefined || executor === verdict.executors[0]) &&
      error === null &&
      launches.length > 0,
  )
}

/** A cell's arm in words: `threads ×2`; in a control `threads ×2 (A)`. */
export function armName({ executor, workers, arm, runtime }: Cell): string {
  const of = runtime === undefined ? executor : `${executor} (${runtime})`
  const name = isSerial(executor) || workers === null ? of : `${of} ×${workers}`
  return arm === undefined ? name : `${name} (${arm})`
}
