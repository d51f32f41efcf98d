/** Says which part of a value cannot be cloned. */

import { TaskTransferError } from '../errors.ts'

/** Clones a value as the transport would; throws what the transport would throw. */
export type Clone = (value: unknown) => void

/** Parts looked at; a larger value is named as a whole. */
const maxParts = 10_000

type Part = readonly [path: string, value: unknown]

function accessor(key: string): string {
  return /^[A-Za-z_$][\w$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

/** What a value consists of, with getters read as the clone reads them. */
function partsOf(path: string, value: object): Part[] {
  if (value instanceof Map)
    return [...value].flatMap(([key, entry], index): Part[] => [
      [`${path}.keys()[${index}]`, key],
      [typeof key === 'string' ? `${path}.get(${JSON.stringify(key)})` : `${path}.values()[${index}]`, entry],
    ])
  if (value instanceof Set)
    return [...value].map((entry, index): Part => [`${path}.values()[${index}]`, entry])
  if (ArrayBuffer.isView(value)) return []
  const isArray = Array.isArray(value)
  return Object.keys(value).map((key): Part => {
    const at = isArray && /^\d+$/u.test(key) ? `${path}[${key}]` : `${path}${accessor(key)}`
    return [at, (value as Record<string, unknown>)[key]]
  })
}

function fails(value: unknown, clone: Clone): boolean {
  try {
    clone(value)
    return false
  } catch {
    return true
  }
}

/** The innermost part that cannot be cloned. */
function findPath(root: string, value: unknown, clone: Clone): string {
  const seen = new Set<unknown>()
  let at: Part = [root, value]
  for (;;) {
    const [path, part] = at
    if (typeof part !== 'object' || part === null) return path
    seen.add(part)
    let parts: Part[]
    try {
      parts = partsOf(path, part)
    } catch {
      return path
    }
    const culprit = parts
      .slice(0, maxParts)
      .find(([, candidate]) => !seen.has(candidate) && fails(candidate, clone))
    if (culprit === undefined) return path
    at = culprit
  }
}

/** The error that says where `value` cannot be cloned, and why. */
export function describeUncloneable(
  value: unknown,
  phase: 'input' | 'result' | 'error',
  clone: Clone,
  cause: unknown,
): TaskTransferError {
  const path = findPath(phase, value, clone)
  let reason = ''
  try {
    reason = cause instanceof Error ? cause.message : String(cause)
  } catch {
    reason = 'it threw while it was read'
  }
  return new TaskTransferError(
    `\`${path}\` cannot be cloned: ${reason} Send plain data (what structuredClone takes).`,
    phase,
    path,
    { cause },
  )
}
