/** The journal's file: what is appended is there after any end, cut anywhere, and nothing follows a row that was cut. */
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ResultFileError } from '#dist/errors.js'
import { Journal, journalPath } from '#dist/results/journal.js'

let folder: string
let path: string
let troubles: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundby-journal-'))
  path = journalPath(join(folder, 'result.json'))
  troubles = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const onTrouble = (message: string): void => void troubles.push(message)
const row = (index: number): object => ({ index, text: `row "${index}"\n`, values: [index / 3, null] })
const rows = (count: number): object[] => Array.from({ length: count }, (_, index) => row(index))
const goOn = (): Journal => {
  const journal = Journal.goOn(path, { onTrouble })
  if (journal === null) throw new Error('there is no journal')
  return journal
}

describe('a journal', () => {
  it('holds what was appended, in order, before it is closed', () => {
    const journal = Journal.start(path, { onTrouble })
    for (const each of rows(3)) journal.append(each)
    expect(goOn().rows).toEqual(rows(3))
    journal.close()
    expect(goOn().rows).toEqual(rows(3))
    expect(journal.isKept).toBe(true)
  })

  it('holds rows whole that the system takes in pieces', () => {
    const write = (file: number, bytes: Uint8Array, position: number): number =>
      writeSync(file, bytes, 0, Math.min(7, bytes.length), position)
    const journal = Journal.start(path, { onTrouble, write })
    for (const each of rows(3)) journal.append(each)
    journal.close()
    expect(goOn().rows).toEqual(rows(3))
  })

  it('is refused before it is parsed if it holds more values than memory has room for', () => {
    const mebibytes = 1024 * 1024
    // A text of the same length is no trouble.
    writeFileSync(path, `"${'x'.repeat(30 * mebibytes)}"\n`)
    expect(goOn().rows).toHaveLength(1)
    for (const hostile of [`[${'{},'.repeat(10 * mebibytes)}{}]\n`, '1\n'.repeat(4 * mebibytes)]) {
      writeFileSync(path, hostile)
      expect(goOn).toThrow(ResultFileError)
      expect(goOn).toThrow(/more values than any has; remove it/u)
    }
  })

  it('goes on behind what it holds', () => {
    const first = Journal.start(path, { onTrouble })
    first.append(row(0))
    first.close()
    const second = goOn()
    second.append(row(1))
    second.close()
    expect(goOn().rows).toEqual(rows(2))
  })

  it('writes rows that may wait with the next ones, a moment later at most', () => {
    let nowMs = 0
    const journal = Journal.start(path, { onTrouble, now: () => nowMs })
    const onDisk = (): number => Journal.goOn(path, { onTrouble })?.rows.length ?? 0
    journal.append(row(0), true)
    expect(onDisk()).toBe(0)
    journal.append(row(1))
    expect(onDisk()).toBe(2)
    journal.append(row(2), true)
    expect(onDisk()).toBe(2)
    nowMs += 250
    journal.append(row(3), true)
    expect(onDisk()).toBe(4)
    journal.append(row(4), true)
    journal.close()
    expect(goOn().rows).toEqual(rows(5))
  })

  it('leaves that of an earlier run alone until there is something to write, and then replaces it', () => {
    writeFileSync(path, `${JSON.stringify(row(7))}\n`)
    const unused = Journal.start(path, { onTrouble })
    unused.append(row(0), true)
    unused.close()
    expect(goOn().rows).toEqual([row(7)])
    const journal = Journal.start(path, { onTrouble })
    journal.append(row(0))
    expect(goOn().rows).toEqual([row(0)])
  })

  it('is gone once it is removed, and stays so', () => {
    const journal = Journal.start(path, { onTrouble })
    journal.append(row(0))
    journal.remove()
    journal.append(row(1))
    journal.close()
    expect(Journal.goOn(path, { onTrouble })).toBeNull()
  })
})

it('cut at any byte, it holds the rows that are whole, and goes on behind them', () => {
  const journal = Journal.start(path, { onTrouble })
  const count = 5
  for (const each of rows(count)) journal.append(each)
  journal.close()
  const whole = readFileSync(path)
  for (let bytes = 0; bytes <= whole.length; bytes++) {
    writeFileSync(path, whole.subarray(0, bytes))
    const expected = whole.subarray(0, bytes).toString().split('\n').length - 1
    const cut = Journal.goOn(path, { onTrouble })
    expect(cut?.rows ?? []).toEqual(rows(expected))
    if (cut === null) continue
    cut.append(row(expected))
    cut.close()
    expect(goOn().rows).toEqual(rows(expected + 1))
  }
})

it('goes on where a row is damaged, and what stood behind it does not come back', () => {
  const journal = Journal.start(path, { onTrouble })
  for (const each of rows(4)) journal.append(each)
  journal.close()
  const damaged = readFileSync(path, 'utf8').split('\n')
  damaged[1] = damaged[1]?.replace('{', '!') ?? ''
  writeFileSync(path, damaged.join('\n'))
  const next = goOn()
  expect(next.rows).toEqual(rows(1))
  next.append(row(1))
  next.close()
  expect(goOn()).toMatchObject({ rows: rows(2), cutBytes: 0 })
})

it('damaged anywhere, it is a beginning of what was written, or a row that its reader refuses', () => {
  const journal = Journal.start(path, { onTrouble })
  for (const each of rows(4)) journal.append(each)
  journal.close()
  const whole = readFileSync(path)
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 9 }), (at, bytes) => {
      const damaged = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + bytes.length)])
      writeFileSync(path, damaged)
      const read = Journal.goOn(path, { onTrouble })?.rows ?? []
      const untouched = whole.subarray(0, at).toString().split('\n').length - 1
      expect(read.slice(0, untouched)).toEqual(rows(untouched))
    }),
    { numRuns: 300 },
  )
})

describe('a full disk', () => {
  const full = (): never => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  }

  it('is told once, loses nothing that was written, and leaves no half row', () => {
    let writes = 0
    const journal = Journal.start(path, {
      onTrouble,
      write: (file, bytes, position) => {
        writes++
        if (writes < 3) return writeSync(file, bytes, 0, bytes.length, position)
        // The first bytes still fit.
        if (writes === 3) return writeSync(file, bytes, 0, 5, position)
        return full()
      },
    })
    for (const each of rows(6)) journal.append(each)
    journal.close()
    expect(troubles).toEqual([
      `The journal ${path} cannot be written: the disk is full. The run goes on and tries again; if it is ended by force before there is room, what it measures from now on is lost.`,
    ])
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true)
    expect(goOn().rows).toEqual(rows(2))
    expect(journal.isKept).toBe(true)
  })

  it('that has room again takes what waited, in order', () => {
    let writes = 0
    const journal = Journal.start(path, {
      onTrouble,
      write: (file, bytes, position) => {
        writes++
        return writes >= 2 && writes <= 4 ? full() : writeSync(file, bytes, 0, bytes.length, position)
      },
    })
    for (const each of rows(6)) journal.append(each)
    expect(goOn().rows).toEqual(rows(6))
    expect(troubles).toHaveLength(1)
    journal.close()
  })

  it('that has none until the end keeps what it had', () => {
    const journal = Journal.start(path, { onTrouble, write: full })
    for (const each of rows(3)) journal.append(each)
    journal.close()
    expect(statSync(path).size).toBe(0)
    expect(troubles).toHaveLength(1)
  })

  it('from the first row on leaves nothing to go on with', () => {
    const journal = Journal.start(path, { onTrouble, write: full })
    journal.append(row(0))
    expect(journal.isKept).toBe(false)
    expect(statSync(path).size).toBe(0)
    expect(Journal.goOn(path, { onTrouble })).toBeNull()
  })
})

describe('what is no journal', () => {
  it('is none: no file, nothing in it, no line', () => {
    expect(Journal.goOn(path, { onTrouble })).toBeNull()
    for (const text of ['', 'half a row', '{"half":']) {
      writeFileSync(path, text)
      expect(Journal.goOn(path, { onTrouble })).toBeNull()
    }
  })

  it('is refused: a folder, a link, a file of any size', () => {
    const sentence = /^[^\n]+\.$/u
    const refused = (place: string): void => {
      expect(() => Journal.goOn(place, { onTrouble })).toThrow(ResultFileError)
      expect(() => Journal.goOn(place, { onTrouble })).toThrow(sentence)
    }
    refused(folder)
    if (process.platform !== 'win32') {
      symlinkSync('/dev/zero', path)
      refused(path)
      // Nor is it written through.
      Journal.start(path, { onTrouble }).append(row(0))
      expect(troubles).toHaveLength(1)
      rmSync(path)
    }
    writeFileSync(path, '')
    truncateSync(path, 256 * 1024 * 1024 + 1)
    refused(path)
  })
})
