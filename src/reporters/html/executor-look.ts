/** How an executor looks on every chart: its colour, its dashes and its marker are the same throughout a page. */

import type { Arm } from '../../analysis/by-workload.ts'

export type Marker = 'bar' | 'circle' | 'square' | 'triangle' | 'diamond'

export interface ExecutorLook {
  /** Of the style sheet, which gives it its colour. */
  readonly className: string
  /** As `stroke-dasharray`; null: solid. */
  readonly dashes: string | null
  readonly marker: Marker
}

const pythonPrefix = 'python-'

const looks: Readonly<Record<string, ExecutorLook>> = {
  serial: { className: 'x-serial', dashes: '2 3', marker: 'bar' },
  'event-loop': { className: 'x-event-loop', dashes: '7 3', marker: 'circle' },
  threads: { className: 'x-threads', dashes: null, marker: 'square' },
  processes: { className: 'x-processes', dashes: '9 3 2 3', marker: 'triangle' },
}
const otherLook: ExecutorLook = { className: 'x-other', dashes: '4 2', marker: 'diamond' }

/** An executor of CPython looks like its twin in Node: the same model, elsewhere. */
export function lookOf(executor: string): ExecutorLook {
  const model = isPython(executor) ? executor.slice(pythonPrefix.length) : executor
  return Object.hasOwn(looks, model) ? (looks[model] ?? otherLook) : otherLook
}

export function isPython(executor: string): boolean {
  return executor.startsWith(pythonPrefix)
}

/** The arms of each runtime that took part. */
export function byRuntime(
  arms: readonly Arm[],
): readonly { readonly runtime: string; readonly arms: readonly Arm[] }[] {
  return [
    { runtime: 'Node', arms: arms.filter(({ executor }) => !isPython(executor)) },
    { runtime: 'CPython', arms: arms.filter(({ executor }) => isPython(executor)) },
  ].filter((group) => group.arms.length > 0)
}
