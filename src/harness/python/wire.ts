/**
 * Values as lines of JSON between Node and CPython: what goes in one side comes out as its counterpart on the other.
 *
 * | JavaScript                   | Python                          |
 * | ---------------------------- | ------------------------------- |
 * | number, a safe integer       | `int`                           |
 * | any other number             | `float`                         |
 * | bigint                       | `int`                           |
 * | string, boolean, null        | `str`, `bool`, `None`           |
 * | undefined                    | `None` (comes back as null)     |
 * | array                        | `list` (a `tuple` comes back as one) |
 * | plain object                 | `dict`                          |
 * | Uint8Array, Buffer           | `bytes`                         |
 * | any other typed array        | `array.array`                   |
 *
 * What JSON lacks is an object with the one key `$`: a kind and its content, bytes as base64. The other end is
 * `driver.py`. An `int` beyond 2^53 − 1 comes back as a bigint.
 */

import { types } from 'node:util'

const typedArrays = {
  Int8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
} as const

type Kind = 'bytes' | 'integer' | 'number' | 'object' | 'undefined' | keyof typeof typedArrays

const tagged = (kind: Kind, content: unknown): unknown => ({ $: [kind, content] })

function kindOf(value: object | symbol | ((...args: never) => unknown)): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

function plainNumber(value: number): unknown {
  if (Object.is(value, -0)) return tagged('number', '-0.0')
  if (Number.isSafeInteger(value)) return value
  // As text, since JSON would write 1e20 as an integer, and has no NaN.
  return Number.isFinite(value) && !Number.isInteger(value) ? value : tagged('number', String(value))
}

function plainObject(value: object): unknown {
  if (value instanceof Uint8Array || types.isUint8Array(value))
    return tagged('bytes', Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'))
  const kind = kindOf(value)
  if (ArrayBuffer.isView(value) && Object.hasOwn(typedArrays, kind))
    return tagged(
      kind as Kind,
      Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
    )
  if (Array.isArray(value)) return value.map(plain)
  if (kind !== 'Object') throw new TypeError(`a ${kind}, which has no form in Python`)
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, plain(item)])
  return entries.length === 1 && entries[0]?.[0] === '$'
    ? tagged('object', entries)
    : Object.fromEntries(entries)
}

/** The value as what JSON can write without a loss. */
function plain(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return plainNumber(value)
    case 'bigint':
      return tagged('integer', String(value))
    case 'undefined':
      return tagged('undefined', null)
    case 'object':
      return value === null ? null : plainObject(value)
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value}, which has no form in Python`)
    case 'boolean':
    case 'string':
      return value
    default:
      return undefined
  }
}

/**
 * One line for a value, its end included.
 * @throws TypeError for a value that has no form in Python.
 */
export function encodeValue(value: unknown): string {
  return `${JSON.stringify(plain(value))}\n`
}

function bytesOf(content: unknown): Buffer<ArrayBuffer> {
  if (typeof content !== 'string') throw new TypeError('bytes that are no text')
  // Not from Node's pool: a typed array needs its bytes aligned.
  const pooled = Buffer.from(content, 'base64')
  const own = Buffer.alloc(pooled.length)
  pooled.copy(own)
  return own
}

function untag(content: unknown): unknown {
  if (!Array.isArray(content) || content.length !== 2) throw new TypeError('a value of no kind')
  const [kind, inner] = content as [unknown, unknown]
  if (kind === 'bytes') return new Uint8Array(bytesOf(inner))
  if (kind === 'integer' && typeof inner === 'string' && /^-?\d{1,100000}$/u.test(inner)) return BigInt(inner)
  if (kind === 'number' && typeof inner === 'string')
    return { inf: Infinity, '-inf': -Infinity, nan: Number.NaN }[inner]
  if (kind === 'object' && Array.isArray(inner)) return Object.fromEntries(inner as [string, unknown][])
  if (typeof kind === 'string' && Object.hasOwn(typedArrays, kind)) {
    const bytes = bytesOf(inner)
    return new typedArrays[kind as keyof typeof typedArrays](
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    )
  }
  throw new TypeError('a value of an unknown kind')
}

function restore(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const keys = Object.keys(value)
  return keys.length === 1 && keys[0] === '$' ? untag((value as { $: unknown }).$) : value
}

/**
 * The value of one line that the driver wrote.
 * @throws SyntaxError or TypeError for a line that holds none.
 */
export function decodeValue(line: string): unknown {
  // A reviver is called for every number of a list: most lines need none.
  return line.includes('"$"') ? JSON.parse(line, restore) : JSON.parse(line)
}
