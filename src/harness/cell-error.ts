/** Why a cell failed, as the result file keeps it: text, with the causes and the line of the workload that threw. */

import { inspect } from 'node:util'
import type { CellError } from '../results/schema.ts'

const longestName = 100
const longestMessage = 2000

/** A failure on its way from where it happened to the record of its cell. */
export class CellFailure extends Error {
  override readonly name = 'CellFailure'
  readonly cellError: CellError
  /** The host is gone: nothing more can be measured in it. */
  readonly hostLost: boolean

  constructor(cellError: CellError, hostLost: boolean) {
    super(cellError.message)
    this.cellError = cellError
    this.hostLost = hostLost
  }
}

/** The failure, whatever was thrown. */
export function toCellFailure(thrown: unknown): CellFailure {
  return thrown instanceof CellFailure ? thrown : new CellFailure(toCellError(thrown), false)
}

function describeValue(value: unknown): { name: string; message: string } {
  if (value instanceof Error) {
    // An author's class can make anything of them.
    const { name, message }: { name: unknown; message: unknown } = value
    return { name: String(name).slice(0, longestName), message: String(message) }
  }
  return { name: 'thrown value', message: inspect(value, { depth: 1, breakLength: Infinity }) }
}

/** The message with its chain of causes: `outer; caused by TypeError: inner`. */
function messageWithCauses(error: unknown): string {
  const parts = [describeValue(error).message]
  const seen = new Set<unknown>([error])
  let cause = error instanceof Error ? error.cause : undefined
  while (cause !== undefined && !seen.has(cause) && parts.length < 5) {
    seen.add(cause)
    const { name, message } = describeValue(cause)
    // A wrapper often repeats what it wraps.
    if (!parts.some((part) => part.includes(message))) parts.push(`caused by ${name}: ${message}`)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return parts.join('; ').slice(0, longestMessage)
}

/** Innermost frame of a stack that is neither Node's nor a package's, as `file.ts:line`. */
export function locationIn(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const frame = /(?:\(|at (?:async )?)(?:file:\/\/)?(\/[^():]+|[A-Za-z]:[^():]+):(\d+):\d+\)?$/u.exec(
      line.trim(),
    )
    const [, file, lineNumber] = frame ?? []
    if (file === undefined || lineNumber === undefined) continue
    if (
      file.includes('/node_modules/') ||
      file.includes('/dist/executors/') ||
      file.includes('/dist/harness/')
    )
      continue
    return `${file.slice(file.lastIndexOf('/') + 1).slice(0, longestName)}:${lineNumber}`
  }
  return undefined
}

/** An error (or anything thrown) as data that can be sent and stored. Never throws. */
export function toCellError(thrown: unknown): CellError {
  try {
    const stack = thrown instanceof Error && typeof thrown.stack === 'string' ? thrown.stack : ''
    const location = locationIn(stack)
    return {
      name: describeValue(thrown).name,
      message: messageWithCauses(thrown),
      ...(location === undefined ? {} : { location }),
    }
  } catch {
    return { name: 'Error', message: 'an error that cannot be read' }
  }
}
