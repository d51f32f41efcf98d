/** The default checksum of a workload: the same for equal outputs, whichever executor, process or Node made them. */

import { createHash } from 'node:crypto'
import { types } from 'node:util'
import { UsageError } from '../errors.ts'

const kinds = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  nan: 5,
  bigint: 6,
  string: 7,
  array: 8,
  hole: 9,
  object: 10,
  map: 11,
  set: 12,
  date: 13,
  regExp: 14,
  error: 15,
  boxed: 16,
  arrayBuffer: 17,
  view: 18,
  cycle: 19,
} as const

/** Where the walk is: what it descends from, and under which keys. */
interface Position {
  readonly ancestors: object[]
  readonly keys: (string | number)[]
}

function pathOf(keys: readonly (string | number)[]): string {
  const [task, ...rest] = keys
  const path = rest.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  return `The output of task ${task}${path === '' ? '' : ` at \`${path}\``}`
}

/** Feeds values to SHA-256, each as its kind and then its content with a length, so that no two read alike. */
class CanonicalHash {
  readonly #hash = createHash('sha256')
  /** Small enough to come from Node's pool: each entry of a Map or Set has a hash of its own. */
  readonly #buffer = Buffer.allocUnsafe(2048)
  readonly #position: Position
  #used = 0

  constructor(position: Position) {
    this.#position = position
  }

  digest(): string {
    this.#flush()
    return this.#hash.digest('hex')
  }

  value(value: unknown): void {
    switch (typeof value) {
      case 'number':
        return this.#number(value)
      case 'string':
        this.#kind('string')
        return this.#text(value)
      case 'boolean':
        return this.#kind(value ? 'true' : 'false')
      case 'undefined':
        return this.#kind('undefined')
      case 'bigint':
        this.#kind('bigint')
        return this.#text(value.toString())
      case 'object':
        return value === null ? this.#kind('null') : this.#descend(value)
      case 'function':
      case 'symbol':
        return this.#refuse(typeof value)
      default:
        return undefined
    }
  }

  #descend(value: object): void {
    const { ancestors } = this.#position
    const level = ancestors.lastIndexOf(value)
    if (level !== -1) {
      this.#kind('cycle')
      return this.#double(ancestors.length - level)
    }
    ancestors.push(value)
    this.#object(value)
    ancestors.pop()
  }

  #object(value: object): void {
    if (Array.isArray(value)) this.#array(value)
    else if (ArrayBuffer.isView(value)) this.#view(value)
    else if (types.isAnyArrayBuffer(value)) {
      this.#kind('arrayBuffer')
      this.#bytes(new Uint8Array(value))
    } else if (types.isMap(value)) this.#unordered('map', value)
    else if (types.isSet(value)) this.#unordered('set', value)
    else if (types.isDate(value)) {
      this.#kind('date')
      this.#number(value.getTime())
    } else if (types.isRegExp(value)) {
      this.#kind('regExp')
      this.#text(value.source)
      this.#text(value.flags)
    } else if (types.isNativeError(value)) {
      // Not the stack: it names the files and lines of whichever worker threw.
      this.#kind('error')
      this.#text(value.name)
      this.#text(value.message)
    } else if (types.isBoxedPrimitive(value)) {
      this.#kind('boxed')
      this.value(value.valueOf())
    } else this.#plainObject(value)
  }

  #array(values: readonly unknown[]): void {
    this.#kind('array')
    this.#double(values.length)
    for (let index = 0; index < values.length; index++) {
      const value = values[index]
      if (value === undefined && !Object.hasOwn(values, index)) this.#kind('hole')
      else this.#child(index, value)
    }
  }

  /** Own enumerable properties with string keys: what a structured clone keeps of any object. */
  #plainObject(value: object): void {
    const name = Object.prototype.toString.call(value).slice('[object '.length, -1)
    if (name !== 'Object') this.#refuse(name)
    this.#kind('object')
    const keys = Object.keys(value).toSorted()
    this.#double(keys.length)
    for (const key of keys) {
      this.#text(key)
      this.#child(key, (value as Record<string, unknown>)[key])
    }
  }

  /** Insertion order does not count, as in `util.isDeepStrictEqual`. */
  #unordered(kind: 'map' | 'set', entries: Iterable<unknown>): void {
    this.#kind(kind)
    const digests: string[] = []
    for (const entry of entries) {
      const hash = new CanonicalHash(this.#position)
      hash.#child(digests.length, entry)
      digests.push(hash.digest())
    }
    this.#double(digests.length)
    for (const digest of digests.toSorted()) this.#text(digest)
  }

  /** By its element type: a Buffer reads as the Uint8Array that arrives from another thread. */
  #view(view: ArrayBufferView): void {
    this.#kind('view')
    this.#text(types.isTypedArray(view) ? view[Symbol.toStringTag] : 'DataView')
    this.#bytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  }

  #child(key: string | number, value: unknown): void {
    this.#position.keys.push(key)
    this.value(value)
    this.#position.keys.pop()
  }

  #refuse(what: string): never {
    throw new UsageError(
      `${pathOf(this.#position.keys)} is a ${what}, which has no checksum: ` +
        'return data that can be structured-cloned, or give the workload a `checksum` of its own.',
    )
  }

  #number(value: number): void {
    if (Number.isNaN(value)) return this.#kind('nan')
    this.#kind('number')
    return this.#double(value)
  }

  #kind(kind: keyof typeof kinds): void {
    this.#reserve(1)
    this.#used = this.#buffer.writeUInt8(kinds[kind], this.#used)
  }

  #double(value: number): void {
    this.#reserve(8)
    this.#used = this.#buffer.writeDoubleLE(value, this.#used)
  }

  /** As UTF-16, which keeps lone surrogates apart. */
  #text(text: string): void {
    this.#double(text.length)
    const unitsAtOnce = this.#buffer.length / 2
    for (let start = 0; start < text.length; start += unitsAtOnce) {
      const part = text.slice(start, start + unitsAtOnce)
      this.#reserve(part.length * 2)
      this.#used += this.#buffer.write(part, this.#used, 'utf16le')
    }
  }

  #bytes(bytes: Uint8Array): void {
    this.#double(bytes.length)
    this.#flush()
    this.#hash.update(bytes)
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes > this.#buffer.length) this.#flush()
  }

  #flush(): void {
    this.#hash.update(this.#buffer.subarray(0, this.#used))
    this.#used = 0
  }
}

/**
 * SHA-256, in hex, over the outputs in order: equal for outputs that are structurally equal, as
 * `util.isDeepStrictEqual` has it, except for what a structured clone loses (prototypes, symbol keys, extra
 * properties of arrays, the stack of an Error). The order of keys and of Map and Set entries does not count; NaN
 * equals NaN, and 0 is not -0. Binary data counts by its bytes as they lie in memory (little-endian on every
 * platform of Node but s390x and AIX).
 * @throws UsageError naming the place of a function, symbol, Promise or the like.
 */
export function stableChecksum(outputs: readonly unknown[]): string {
  const hash = new CanonicalHash({ ancestors: [], keys: [] })
  hash.value(outputs)
  return hash.digest()
}
