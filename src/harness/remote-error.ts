/** Errors as they cross from a host process: text, with the causes and the line of the workload that threw. */

import { inspect } from 'node:util'
import type { RemoteError } from './protocol.ts'

const longestMessage = 2000

function describeValue(value: unknown): { name: string; message: string } {
  if (value instanceof Error) {
    // An author's class can make anything of them.
    const { name, message }: { name: unknown; message: unknown } = value
    return { name: String(name), message: String(message) }
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
    parts.push(`caused by ${name}: ${message}`)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return parts.join('; ').slice(0, longestMessage)
}

/** Innermost frame of a stack that is neither Node's nor a package's, as `file.ts:line`. */
export function locationIn(stack: string): string | null {
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
    return `${file.slice(file.lastIndexOf('/') + 1)}:${lineNumber}`
  }
  return null
}

/** An error (or anything thrown) as text that can be sent and stored. Never throws. */
export function toRemoteError(error: unknown): RemoteError {
  try {
    const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : ''
    return { name: describeValue(error).name, message: messageWithCauses(error), location: locationIn(stack) }
  } catch {
    return { name: 'Error', message: 'an error that cannot be read', location: null }
  }
}
