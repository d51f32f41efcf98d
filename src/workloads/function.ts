/** An exported function as a workload: no more than the function, and what to call it with. */

import type { TaskFunction } from '../executors/task.ts'
import { taskRef } from '../executors/task.ts'
import { UsageError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { stableChecksum } from './checksum.ts'
import { importBundle } from './load.ts'
import type { LoadedWorkload } from './load.ts'

/** A function that a bundle exports, with the inputs that its tasks take in turn; at least one. */
export interface ExportedFunction {
  readonly exportName: string
  readonly inputs: readonly unknown[]
}

/** What a module exports under a name. */
export interface ModuleExport {
  readonly name: string
  /** A generator function returns before it has done anything, and a class cannot be called: neither is a task. */
  readonly kind: 'function' | 'class' | 'generator function' | 'workload' | 'other'
  /** Parameters that a function declares; 0 for what is none. */
  readonly parameters: number
  /** Names of its own properties that are functions: the exports of a CommonJS module, if this is its default. */
  readonly functions: readonly string[]
}

function kindOf(value: unknown): ModuleExport['kind'] {
  if (typeof value === 'object' && value !== null && 'task' in value && 'inputs' in value) return 'workload'
  if (typeof value !== 'function') return 'other'
  if (/^class\b/u.test(Function.prototype.toString.call(value))) return 'class'
  return Object.prototype.toString.call(value).endsWith('GeneratorFunction]')
    ? 'generator function'
    : 'function'
}

function functionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, property]) => (typeof property === 'function' ? [name] : []))
}

/**
 * What a bundle exports.
 * @param file what errors call the source.
 * @throws UsageError if it cannot be imported.
 */
export async function exportsOf(bundleUrl: string, file: string): Promise<ModuleExport[]> {
  const module = await importBundle(bundleUrl, file)
  return Object.entries(module).map(([name, value]) => ({
    name,
    kind: kindOf(value),
    parameters: typeof value === 'function' ? value.length : 0,
    functions: functionsIn(value),
  }))
}

/** The function as a workload of any size, which is its number of tasks; what it gives is not compared. */
export async function loadFunction(
  bundleUrl: string,
  { exportName, inputs }: ExportedFunction,
): Promise<LoadedWorkload> {
  const module = await importBundle(bundleUrl)
  return {
    workload: {
      name: exportName,
      summary: '',
      expects: 'mixed',
      module: bundleUrl,
      task: module[exportName] as TaskFunction,
      sizes: [],
      inputs: (size) => Array.from({ length: size }, (_, index) => inputs[index % inputs.length] as never),
      // The time or a random number may be in it.
      checksum: () => 'not compared',
    },
    task: taskRef<(input: unknown) => unknown>(bundleUrl, exportName),
  }
}

/** The checksum of one value; null for what has none, as functions. */
export function checksumOf(value: unknown): string | null {
  try {
    return stableChecksum([value])
  } catch {
    return null
  }
}

const article = (kind: string): string => (kind === 'other' ? 'no function' : `a ${kind}`)

/**
 * The export that is meant.
 * @throws UsageError if there is none, or if several could be.
 */
export function chooseExport(
  file: string,
  exports: readonly ModuleExport[],
  exportName: string | null,
): ModuleExport {
  const functions = exports.filter(({ kind }) => kind === 'function')
  const names = functions.map(({ name }) => name)
  const known = names.length === 0 ? 'It exports no function.' : `Its functions: ${names.join(', ')}.`
  if (exportName !== null) {
    const found = exports.find(({ name }) => name === exportName)
    const near = nearest(exportName, names)
    if (found === undefined)
      throw new UsageError(
        `${file} has no export ${exportName}. ${near === undefined ? '' : `Did you mean ${near}? `}${known}`,
      )
    if (found.kind === 'function') return found
    throw new UsageError(
      `${file}#${exportName}: expected a function, received ${article(found.kind)}. ${known}` +
        (found.kind === 'workload' ? ` Race a workload with: boundby run ${file}` : ''),
    )
  }
  const chosen =
    functions.find(({ name }) => name === 'default') ?? (functions.length === 1 ? functions[0] : undefined)
  if (chosen !== undefined) return chosen
  throw new UsageError(
    functions.length === 0
      ? `${file}: expected an exported function, received ${exports.length === 0 ? 'a module without exports' : `only ${exports.map(({ name, kind }) => `${name} (${article(kind)})`).join(', ')}`}.`
      : `${file} exports ${functions.length} functions: say which one, as in ${file}#${names[0]}. ${known}`,
  )
}
