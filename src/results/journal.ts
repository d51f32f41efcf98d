/**
 * The journal of a run: rows of JSON beside the result, appended as they come and synchronized to the disk, so that an
 * end without warning loses nothing that was measured before it.
 */

import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import { ResultFileError } from '../errors.ts'
import { maxValues, uncountedBytes, valuesIn } from './values.ts'

/** Far above any real journal (a full suite writes some MB), far below what hurts. */
const maxBytes = 256 * 1024 * 1024
/** Rows that may wait are written together, this long after the last ones: a synchronization takes milliseconds. */
const waitMs = 250

/** No room, or none for this user. */
const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

const { O_CREAT, O_NOFOLLOW = 0, O_TRUNC, O_WRONLY } = constants

/** The journal of a result file. */
export const journalPath = (resultPath: string): string => `${resultPath}.journal`

export interface JournalOptions {
  /** Told once, in a sentence, if the journal cannot go on, or not before there is room; the run can. */
  readonly onTrouble: (message: string) => void
  /** A test brings its own. */
  readonly write?: (file: number, bytes: Uint8Array, position: number) => number
  /** Milliseconds of a monotonic clock; a test brings its own. */
  readonly now?: () => number
}

interface Kept {
  /** Each line's value; not checked any further. */
  readonly rows: readonly unknown[]
  /** How much of the file they are; what comes behind was cut off in the writing. */
  readonly bytes: number
  readonly cutBytes: number
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

/**
 * The rows of a journal, up to the first line that is cut or damaged: as far as that it is as it was written.
 * @returns null if there is none.
 * @throws ResultFileError if it cannot be read, or is larger than any journal, or holds more.
 */
function readKept(path: string): Kept | null {
  let bytes: Buffer
  try {
    const found = lstatSync(path)
    if (!found.isFile()) throw new ResultFileError(`${path} is no journal: it is no regular file; remove it.`)
    if (found.size > maxBytes)
      throw new ResultFileError(
        `${path} is no journal of boundby: it is larger than ${maxBytes / 1024 / 1024} MiB; remove it.`,
      )
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof ResultFileError) throw error
    if (errorCode(error) === 'ENOENT') return null
    throw new ResultFileError(
      `Cannot read the journal ${path}: the system says ${errorCode(error)}; leave out --resume to start afresh.`,
      { cause: error },
    )
  }
  const rows: unknown[] = []
  // Rows may be numbers, of which no value begins as others do.
  const values = valuesIn(bytes.subarray(uncountedBytes))
  let position = 0
  for (;;) {
    if (values + rows.length > maxValues)
      throw new ResultFileError(
        `${path} is no journal of boundby: it holds more values than any has; remove it.`,
      )
    const end = bytes.indexOf('\n', position)
    if (end === -1) break
    try {
      rows.push(JSON.parse(bytes.toString('utf8', position, end)))
    } catch {
      break
    }
    position = end + 1
  }
  return { rows, bytes: position, cutBytes: bytes.length - position }
}

export class Journal {
  readonly path: string
  /** What it held when it was opened; empty for a new one. */
  readonly rows: readonly unknown[]
  /** Bytes at its end that were cut off in the writing, and are none of `rows`. */
  readonly cutBytes: number
  readonly #options: JournalOptions
  readonly #write: NonNullable<JournalOptions['write']>
  readonly #now: () => number
  #file: number | null = null
  #position: number
  #waiting = ''
  #writtenAtMs: number
  #hasEnded = false
  #isFullTold = false

  private constructor(path: string, { rows, bytes, cutBytes }: Kept, options: JournalOptions) {
    this.path = path
    this.rows = rows
    this.cutBytes = cutBytes
    this.#position = bytes
    this.#options = options
    this.#write = options.write ?? ((file, data, position) => writeSync(file, data, 0, data.length, position))
    this.#now = options.now ?? (() => performance.now())
    // The first rows of a new one wait for one that must not: until then an earlier one may be there.
    this.#writtenAtMs = bytes === 0 ? Infinity : this.#now()
  }

  /** A new journal. One of an earlier run is replaced, not before a row comes that may not wait. */
  static start(path: string, options: JournalOptions): Journal {
    return new Journal(path, { rows: [], bytes: 0, cutBytes: 0 }, options)
  }

  /**
   * The journal that an earlier run has left; what is appended comes behind its last whole row.
   * @returns null if there is none, or not a single whole row in it.
   * @throws ResultFileError if it cannot be read.
   */
  static goOn(path: string, options: JournalOptions): Journal | null {
    const kept = readKept(path)
    return kept === null || kept.rows.length === 0 ? null : new Journal(path, kept, options)
  }

  /** Whether there is something to go on with: rows on the disk. */
  get isKept(): boolean {
    return this.#position > 0
  }

  /**
   * Appends a row; to be called between measurements only. A row that may wait is written with the next ones if others
   * were written a moment ago.
   */
  append(row: unknown, mayWait = false): void {
    if (this.#hasEnded) return
    this.#waiting += `${JSON.stringify(row)}\n`
    if (!mayWait || this.#now() - this.#writtenAtMs >= waitMs) this.#flush()
  }

  /** Writes what waits; the journal stays, and so does one that was not replaced yet. */
  close(): void {
    if (this.#waiting !== '' && this.isKept) this.#flush()
    this.#end()
  }

  /** Removes the journal: what it held is safe elsewhere. */
  remove(): void {
    this.#end()
    rmSync(this.path, { force: true })
  }

  #end(): void {
    this.#hasEnded = true
    this.#waiting = ''
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting)
    try {
      this.#file ??= this.#open()
      let written = 0
      while (written < bytes.length)
        written += this.#write(this.#file, bytes.subarray(written), this.#position + written)
      fdatasyncSync(this.#file)
      this.#position += bytes.length
      this.#waiting = ''
    } catch (error) {
      this.#fail(error)
    }
    this.#writtenAtMs = this.#now()
  }

  /** Behind the last whole row: nothing may follow one that was cut. */
  #open(): number {
    const isNew = this.#position === 0
    const file = openSync(this.path, O_WRONLY | O_NOFOLLOW | (isNew ? O_CREAT | O_TRUNC : 0), 0o644)
    ftruncateSync(file, this.#position)
    if (isNew) syncFolder(dirname(this.path))
    return file
  }

  /** Rows that find no room wait for it, since others may make some; any other trouble stays. */
  #fail(error: unknown): void {
    try {
      if (this.#file !== null) ftruncateSync(this.#file, this.#position)
    } catch {
      // A reader stops at the row that was cut.
    }
    if (!fullCodes.has(errorCode(error))) {
      this.#end()
      this.#options.onTrouble(
        `The journal ${this.path} cannot be written: the system says ${errorCode(error)}. The run goes on; if it is ended by force, what it measures from now on is lost.`,
      )
    } else if (!this.#isFullTold) {
      this.#isFullTold = true
      this.#options.onTrouble(
        `The journal ${this.path} cannot be written: the disk is full. The run goes on and tries again; if it is ended by force before there is room, what it measures from now on is lost.`,
      )
    }
  }
}

/** Makes the entry of a new file outlast a power failure; where folders cannot be synchronized, the system does it. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, constants.O_RDONLY)
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // Windows has no such thing.
  }
}
