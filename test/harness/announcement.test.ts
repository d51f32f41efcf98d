/** boundbys that tell each other that they run, in a folder that everybody can write to. */

import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { announce, findOtherBoundbys } from '#dist/harness/announcement.js'

let folder: string
const lock = (pid: number | string): string => join(folder, `boundby-${pid}.lock`)
/** A process that is there and is not us. */
const { ppid } = process

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundby-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A process that has ended, so that its id is nobody's. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0'])
  await new Promise((resolve) => child.once('close', resolve))
  return child.pid ?? 0
}

test('a file is there while it runs, and names nobody but it', () => {
  {
    using announcement = announce(folder)
    expect(readdirSync(folder)).toEqual([`boundby-${process.pid}.lock`])
    expect(readFileSync(lock(process.pid), 'utf8')).toBe('')
    expect(announcement.otherPids()).toEqual([])
  }
  expect(readdirSync(folder)).toEqual([])
})

test('others are found, also those that came later or have gone since', () => {
  using announcement = announce(folder)
  expect(announcement.otherPids()).toEqual([])
  writeFileSync(lock(ppid), '')
  expect(announcement.otherPids()).toEqual([ppid])
  rmSync(lock(ppid))
  expect(announcement.otherPids()).toEqual([ppid])
  expect(findOtherBoundbys(folder)).toEqual([])
})

test('what a process left that is gone is removed and not told of', async () => {
  const gone = await endedPid()
  writeFileSync(lock(gone), '')
  expect(findOtherBoundbys(folder)).toEqual([])
  expect(existsSync(lock(gone))).toBe(false)
})

test.skipIf(process.platform !== 'linux')('a process that only inherited the id is not told of', () => {
  writeFileSync(lock(ppid), '')
  utimesSync(lock(ppid), 1e9, 1e9)
  expect(findOtherBoundbys(folder)).toEqual([])
})

test('a file of our own id was left by another, and gives way', () => {
  writeFileSync(lock(process.pid), 'old')
  using announcement = announce(folder)
  expect(announcement.otherPids()).toEqual([])
  expect(readFileSync(lock(process.pid), 'utf8')).toBe('')
})

test('links are never followed, and odd names are nobody', () => {
  const victim = join(folder, 'victim')
  writeFileSync(victim, 'precious')
  symlinkSync(victim, lock(process.pid))
  symlinkSync(victim, lock(ppid))
  mkdirSync(lock(1))
  for (const name of ['0', '-1', '99999999999', '2147483648', '1e3', ' 1', '..'])
    writeFileSync(lock(name), 'x'.repeat(1000))
  {
    using announcement = announce(folder)
    expect(announcement.otherPids()).toEqual([])
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  }
  expect(readFileSync(victim, 'utf8')).toBe('precious')
  expect(existsSync(lock(ppid))).toBe(true)
})

test('a folder that cannot be used keeps nobody from running', () => {
  using announcement = announce(join(folder, 'missing'))
  expect(announcement.otherPids()).toEqual([])
  mkdirSync(lock(process.pid))
  using blocked = announce(folder)
  expect(blocked.otherPids()).toEqual([])
})
