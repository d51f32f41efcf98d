/** The runtimes of a result: Node, and each Python that raced beside it, with the executors that belong to it. */

import type { Environment, Result } from '../results/schema.ts'

/** What an executor is for, whatever its runtime. */
export type Role = 'serial' | 'event-loop' | 'threads' | 'processes'

export interface Runtime {
  /** As `guidance` has it: `node`, or `cpython` with its version where one took part. */
  readonly name: string
  readonly kind: 'node' | 'cpython'
  /** Whether one lock lets one thread at a time run the language; assumed of a Python that does not say. */
  readonly hasLock: boolean
  /** The methods that each kind of pool was seen to have; absent: nobody looked. */
  readonly poolMethods: NonNullable<Environment['poolMethods']>[string] | undefined
}

const prefix = 'python-'

/** Node first; without any Python one CPython all the same, of which nothing is known. */
export function runtimesOf({ environment: { pythons = [], poolMethods = {} } }: Result): readonly Runtime[] {
  const cpython = (name: string, gilEnabled: boolean | null): Runtime => ({
    name,
    kind: 'cpython',
    hasLock: gilEnabled !== false,
    poolMethods: poolMethods[name],
  })
  return [
    { name: 'node', kind: 'node', hasLock: false, poolMethods: poolMethods['node'] },
    ...(pythons.length === 0
      ? [cpython('cpython', null)]
      : pythons.map(({ runtime, gilEnabled }) => cpython(runtime, gilEnabled))),
  ]
}

/** `threads` in Node is `python-threads` in CPython. */
export function executorOf({ kind }: Runtime, role: Role): string {
  return kind === 'node' ? role : `${prefix}${role}`
}

/** The serial executor of the kind of runtime that an executor belongs to. */
export function serialOf(executor: string): string {
  return executor.startsWith(prefix) ? `${prefix}serial` : 'serial'
}

/** Whether a cell, a verdict or a crossover is of this runtime. */
export function isOf(runtime: Runtime, entry: { readonly runtime?: string | undefined }): boolean {
  return (entry.runtime ?? 'node') === runtime.name
}

/** The name of a runtime as people write it: `Node`, `CPython 3.11.7`. */
export function shownRuntime(name: string): string {
  return name.replace(/^node$/u, 'Node').replace(/^cpython/u, 'CPython')
}
