/** How an executor looks on every chart: its colour, its dashes and its marker are the same throughout a page. */

import type { Arm } from '../../analysis/by-workload.ts'

export type Marker = 'bar' | 'circle' | 'square' | 'triangle' | 'triangle-down' | 'diamond'

export interface ExecutorLook {
  /** Of the style sheet, which gives it its colour. */
  readonly className: string
  /** As `stroke-dasharray`; null: solid. */
  readonly dashes: string | null
  readonly marker: Marker
  /** Whether tasks travel to a worker and back. */
  readonly hasPool: boolean
}

const pythonPrefix = 'python-'

const looks: Readonly<Record<string, ExecutorLook>> = {
  serial: { className: 'x-serial', dashes: '2 3', marker: 'bar', hasPool: false },
  'event-loop': { className: 'x-event-loop', dashes: '7 3', marker: 'circle', hasPool: false },
  threads: { className: 'x-threads', dashes: null, marker: 'square', hasPool: true },
  processes: { className: 'x-processes', dashes: '9 3 2 3', marker: 'triangle', hasPool: true },
}
const otherLook: ExecutorLook = { className: 'x-other', dashes: '4 2', marker: 'diamond', hasPool: true }

/** An executor of CPython looks like its twin in Node: the same model, elsewhere. */
export function lookOf(executor: string): ExecutorLook {
  const model = isPython(executor) ? executor.slice(pythonPrefix.length) : executor
  return Object.hasOwn(looks, model) ? (looks[model] ?? otherLook) : otherLook
}

export function isPython(executor: string): boolean {
  return executor.startsWith(pythonPrefix)
}

/** What an executor is called where the runtime is said already. */
export function shortName(executor: string, label: string): string {
  return isPython(executor) ? label.slice(pythonPrefix.length).replace(/^serial ×1$/u, 'serial') : label
}

export const shortLabel = ({ executor, label }: Arm): string => shortName(executor, label)

/** What is of each runtime that took part. */
export function byRuntime<Member extends { readonly executor: string }>(
  all: readonly Member[],
): readonly { readonly runtime: string; readonly members: readonly Member[] }[] {
  return [
    { runtime: 'Node', members: all.filter(({ executor }) => !isPython(executor)) },
    { runtime: 'CPython', members: all.filter(({ executor }) => isPython(executor)) },
  ].filter(({ members }) => members.length > 0)
}
