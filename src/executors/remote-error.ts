/**
 * Carries what a task threw to another thread or process: class, message, stack, cause, `errors` and own properties
 * survive, and nothing that a hostile error does can break the way.
 */

import type { Clone } from './transfer-path.ts'

/** An error as plain data; nodes may refer to each other in circles. */
interface EncodedError {
  readonly className: string
  name: string | undefined
  message: string
  stack: string | undefined
  cause?: EncodedThrown
  errors?: EncodedThrown[]
  properties?: Record<string, unknown>
}

/** What was thrown: an error, or any other value as it is. */
export type EncodedThrown = { readonly error: EncodedError } | { readonly value: unknown }

/** Causes deeper than this are left out, so that a made-up endless chain ends. */
const maxDepth = 32

const builtIns: Readonly<Record<string, new (message?: string) => Error>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

/** Reads a property of an object that may throw, or be anything. */
function read(target: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(target, key)
  } catch {
    return undefined
  }
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error
  } catch {
    return false
  }
}

/** The nearest built-in class, so that `instanceof` holds on the other side as far as it can. */
function classNameOf(error: Error): string {
  try {
    if (error instanceof DOMException) return 'DOMException'
    if (error instanceof AggregateError) return 'AggregateError'
    for (const name of Object.keys(builtIns))
      if (name !== 'Error' && error instanceof (builtIns[name] ?? Error)) return name
  } catch {
    // A hostile prototype chain: an Error as far as we know.
  }
  return 'Error'
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isCloneable(value: unknown, clone: Clone): boolean {
  try {
    clone(value)
    return true
  } catch {
    return false
  }
}

function ownProperties(error: Error, clone: Clone): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  let keys: string[] = []
  try {
    keys = Object.keys(error)
  } catch {
    return properties
  }
  for (const key of keys) {
    if (['name', 'message', 'stack', 'cause', 'errors', '__proto__'].includes(key)) continue
    const value = read(error, key)
    if (isCloneable(value, clone)) properties[key] = value
  }
  return properties
}

function encodeError(
  error: Error,
  clone: Clone,
  seen: Map<Error, EncodedError>,
  depth: number,
): EncodedError {
  const known = seen.get(error)
  if (known !== undefined) return known
  const encoded: EncodedError = {
    className: classNameOf(error),
    name: text(read(error, 'name')),
    message: text(read(error, 'message')) ?? '',
    stack: text(read(error, 'stack')),
  }
  seen.set(error, encoded)
  const properties = ownProperties(error, clone)
  if (Object.keys(properties).length > 0) encoded.properties = properties
  if (depth >= maxDepth) return encoded
  const encodeInner = (value: unknown): EncodedThrown => {
    if (isError(value)) return { error: encodeError(value, clone, seen, depth + 1) }
    return { value: isCloneable(value, clone) ? value : undefined }
  }
  if (hasOwn(error, 'cause')) encoded.cause = encodeInner(read(error, 'cause'))
  const errors = hasOwn(error, 'errors') ? read(error, 'errors') : undefined
  if (Array.isArray(errors)) encoded.errors = Array.from(errors as unknown[], encodeInner)
  return encoded
}

function hasOwn(target: object, key: PropertyKey): boolean {
  try {
    return Object.hasOwn(target, key)
  } catch {
    return false
  }
}

/**
 * What was thrown, as data that `clone` accepts.
 * @throws what `clone` throws for a value that is no error.
 */
export function encodeThrown(thrown: unknown, clone: Clone): EncodedThrown {
  if (isError(thrown)) return { error: encodeError(thrown, clone, new Map(), 0) }
  clone(thrown)
  return { value: thrown }
}

function define(error: Error, key: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true })
}

function construct(className: string, message: string, name: string | undefined): Error {
  if (className === 'DOMException') return new DOMException(message, name)
  if (className === 'AggregateError') return new AggregateError([], message)
  return new (builtIns[className] ?? Error)(message)
}

function decodeError(encoded: EncodedError, seen: Map<EncodedError, Error>): Error {
  const known = seen.get(encoded)
  if (known !== undefined) return known
  const error = construct(encoded.className, encoded.message, encoded.name)
  seen.set(encoded, error)
  if (encoded.name !== undefined && error.name !== encoded.name) define(error, 'name', encoded.name)
  define(error, 'stack', encoded.stack ?? `${error.name}: ${error.message}`)
  for (const [key, value] of Object.entries(encoded.properties ?? {})) define(error, key, value, true)
  if (encoded.cause !== undefined) define(error, 'cause', decode(encoded.cause, seen))
  if (encoded.errors !== undefined)
    define(
      error,
      'errors',
      encoded.errors.map((inner) => decode(inner, seen)),
    )
  return error
}

function decode(thrown: EncodedThrown, seen: Map<EncodedError, Error>): unknown {
  return 'error' in thrown ? decodeError(thrown.error, seen) : thrown.value
}

/** The thrown value again; an error is of the nearest built-in class. */
export function decodeThrown(thrown: EncodedThrown): unknown {
  return decode(thrown, new Map())
}
