/** Finds the function that a task reference names: imported once, then looked up. */

import { TaskNotFoundError } from '../errors.ts'

export type TaskImplementation = (input: unknown) => unknown

const resolved = new Map<string, Map<string, TaskImplementation>>()

/** The function, if it has been imported before. */
export function lookUpTask(url: string, exportName: string): TaskImplementation | undefined {
  return resolved.get(url)?.get(exportName)
}

/**
 * Imports the module if need be.
 * @throws TaskNotFoundError if it cannot be imported, or has no such function.
 */
export async function importTask(url: string, exportName: string): Promise<TaskImplementation> {
  let namespace: Readonly<Record<string, unknown>>
  try {
    namespace = (await import(url)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new TaskNotFoundError(`The module ${url} of task ${exportName} cannot be imported.`, {
      cause: error,
    })
  }
  const implementation = Object.hasOwn(namespace, exportName) ? namespace[exportName] : undefined
  if (typeof implementation !== 'function') {
    const names = Object.keys(namespace).filter((name) => typeof namespace[name] === 'function')
    const known = names.length === 0 ? 'it exports no function' : `it exports ${names.join(', ')}`
    throw new TaskNotFoundError(`The module ${url} has no exported function ${exportName}; ${known}.`)
  }
  const siblings = resolved.get(url) ?? new Map<string, TaskImplementation>()
  resolved.set(url, siblings.set(exportName, implementation as TaskImplementation))
  return implementation as TaskImplementation
}
