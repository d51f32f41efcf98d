/** Loads a bundled workload and checks it, since an author's file can export anything. */

import { fileURLToPath } from 'node:url'
import type { TaskReference } from '../executors/task.ts'
import { taskRef } from '../executors/task.ts'
import { UsageError } from '../errors.ts'
import type { Hypothesis, Workload } from './workload.ts'
import { defineWorkload } from './workload.ts'

/** A workload with the reference by which every executor finds its task. */
export interface LoadedWorkload {
  readonly workload: Workload
  /** `url` is the bundle's. */
  readonly task: TaskReference<unknown, unknown>
}

/** What there is to say of a workload without its functions; JSON-safe. */
export interface WorkloadDescription {
  readonly name: string
  readonly summary: string
  readonly source?: string
  readonly expects: Hypothesis
  readonly sizes: readonly number[]
  /** All sizes, where the author left it out. */
  readonly defaultSizes: readonly number[]
  readonly transfer: 'clone' | 'transfer' | 'share'
}

const example = 'export default defineWorkload({ … })'

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The first place in an error's stack that is not Node's own; source maps have to be on for the author's lines. */
function placeOf(error: Error): string {
  const place = /^\s+at (?:async )?(?:.*\()?((?!node:)[^()\s][^()\n]*:\d+):\d+\)?$/mu.exec(
    error.stack ?? '',
  )?.[1]
  return place === undefined
    ? ''
    : ` (at ${place.startsWith('file:') ? place.slice('file://'.length) : place})`
}

function explainImport(file: string, thrown: unknown): UsageError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const name = /^Cannot find package '([^']+)'/u.exec(error.message)?.[1]
  if (name !== undefined)
    return new UsageError(
      `${file} imports the package '${name}', which is not installed in any node_modules at or above it. ` +
        `Install it there: npm install ${name}.`,
      { cause: thrown },
    )
  // By name: a bundle has a copy of its own of the class.
  if (error.name === 'UsageError') return new UsageError(`${file}: ${error.message}`, { cause: thrown })
  return new UsageError(
    `${file} fails while it is loaded: ${error.name}: ${error.message}${placeOf(error)}`,
    {
      cause: thrown,
    },
  )
}

function workloadIn(module: Readonly<Record<string, unknown>>, file: string): LoadedWorkload['workload'] {
  const found = module['default']
  if (!('default' in module)) {
    const names = Object.keys(module)
    throw new UsageError(
      `${file} has no default export: expected \`${example}\`, received ` +
        (names.length === 0 ? 'a module without exports.' : `only the named exports ${names.join(', ')}.`),
    )
  }
  if (typeof found === 'object' && found !== null && 'default' in found)
    throw new UsageError(
      `${file} is a CommonJS module: expected an ES module with \`${example}\`. ` +
        'Write `export default`, or name the file .mjs or .ts.',
    )
  if (typeof found !== 'object' || found === null || !('task' in found))
    throw new UsageError(
      `The default export of ${file} is no workload: expected \`${example}\`, received ${kindOf(found)}` +
        (typeof found === 'function' ? '. Make that function the `task` of a workload.' : '.'),
    )
  try {
    return defineWorkload(found as LoadedWorkload['workload'])
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${file}: ${error.message}`, { cause: error }) : error
  }
}

/**
 * Imports a bundle (`WorkloadBundle.url`).
 * @param file what errors call the source.
 * @throws UsageError if it cannot be imported.
 */
export async function importBundle(
  bundleUrl: string,
  file: string = fileURLToPath(bundleUrl),
): Promise<Readonly<Record<string, unknown>>> {
  return import(bundleUrl).then(
    (namespace: Readonly<Record<string, unknown>>) => namespace,
    (error: unknown) => {
      throw explainImport(file, error)
    },
  )
}

/**
 * Imports a bundle and checks its default export.
 * @param file what errors call the source.
 * @throws UsageError if the module cannot be imported, its default export is no workload, or its task no export.
 */
export async function loadWorkload(
  bundleUrl: string,
  file: string = fileURLToPath(bundleUrl),
): Promise<LoadedWorkload> {
  const module = await importBundle(bundleUrl, file)
  const workload = workloadIn(module, file)
  const exportName = Object.keys(module).find((name) => module[name] === workload.task)
  if (exportName === undefined)
    throw new UsageError(
      `${file}: the task of the workload ${workload.name} is not exported, so no worker could find it. ` +
        `Add \`export\` to ${workload.task.name === '' ? 'it' : workload.task.name}.`,
    )
  return { workload, task: taskRef<(input: unknown) => unknown>(bundleUrl, exportName) }
}

/** What there is to say of a workload without its functions. */
export function describe(workload: Workload): WorkloadDescription {
  const { name, summary, source, expects, sizes, defaultSizes = sizes, transfer = 'clone' } = workload
  return {
    name,
    summary,
    ...(source === undefined ? {} : { source }),
    expects,
    sizes: [...sizes],
    defaultSizes: [...defaultSizes],
    transfer,
  }
}
