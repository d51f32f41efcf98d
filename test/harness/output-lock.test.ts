/** Two runs of one result: the first goes on, and what a process left that is gone blocks nobody. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UsageError } from '#dist/errors.js'
import { lockOutput } from '#dist/harness/output-lock.js'

let folder: string
let out: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'boundby-lock-')))
  out = join(folder, 'result.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const own = `.result.json.${process.pid}.lock`
/** Of a process that has ended, but had this id a moment ago. */
const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid
const lockOf = (pid: number, ageMs: number): void => {
  const path = join(folder, `.result.json.${pid}.lock`)
  writeFileSync(path, '')
  const at = new Date(Date.now() - ageMs)
  utimesSync(path, at, at)
}

describe('a result', () => {
  it('is held until it is given up', () => {
    const lock = lockOutput(out)
    expect(readdirSync(folder)).toEqual([own])
    lock[Symbol.dispose]()
    expect(readdirSync(folder)).toEqual([])
  })

  it('belongs to whom it belonged before, told in a sentence', () => {
    lockOf(process.ppid, 0)
    // A process of this id was running when the file was made, and is.
    utimesSync(join(folder, `.result.json.${process.ppid}.lock`), new Date(), new Date(Date.now() - 1))
    const refused = (): Disposable => lockOutput(out)
    expect(refused).toThrow(UsageError)
    expect(refused).toThrow(
      new RegExp(
        `^--out: ${out} belongs to another run, which is still going on \\(process ${process.ppid}, since `,
        'u',
      ),
    )
    expect(readdirSync(folder)).toEqual([`.result.json.${process.ppid}.lock`])
  })

  it('is not refused for one that came later: that one goes', () => {
    lockOf(process.ppid, -60_000)
    using lock = lockOutput(out)
    expect(lock).toBeDefined()
  })

  it('is free where the holder is gone, or has the id of one that is', () => {
    lockOf(gone(), 1000)
    lockOf(process.ppid, 40 * 365 * 86_400_000)
    using lock = lockOutput(out)
    expect(lock).toBeDefined()
    expect(readdirSync(folder)).toEqual(process.platform === 'linux' ? [own] : expect.arrayContaining([own]))
  })

  it.skipIf(process.platform !== 'linux')(
    'is free where the holder was killed, whoever should wait for it',
    async () => {
      // A parent that stops, and so does not learn that its child has ended.
      const script =
        "const { spawn } = require('node:child_process');" +
        "const child = spawn('sleep', ['60']); console.log(child.pid); process.kill(child.pid, 'SIGKILL'); process.kill(process.pid, 'SIGSTOP')"
      const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
      const [text] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(String(text))
      lockOf(pid, 0)
      const isZombie = (): boolean => /\) Z /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      await vi.waitUntil(isZombie, { timeout: 10_000 })
      using lock = lockOutput(out)
      expect(lock).toBeDefined()
      parent.kill('SIGKILL')
    },
  )

  it('has neighbours that are none of its business', () => {
    writeFileSync(join(folder, `.other.json.${process.ppid}.lock`), '')
    writeFileSync(join(folder, '.result.json.notes.lock'), '')
    writeFileSync(join(folder, '.result.json.0123456789ab.tmp'), '')
    using lock = lockOutput(out)
    expect(lock).toBeDefined()
    expect(readdirSync(folder)).toHaveLength(4)
  })

  it('loses what a killed run left half written, once it is old', () => {
    const left = join(folder, '.result.json.0123456789ab.tmp')
    writeFileSync(left, '')
    const at = new Date(Date.now() - 700_000)
    utimesSync(left, at, at)
    using lock = lockOutput(out)
    expect(lock).toBeDefined()
    expect(readdirSync(folder)).toEqual([own])
  })

  it.skipIf(process.platform === 'win32')('is one, whatever link leads to it', () => {
    const link = join(folder, 'link.json')
    writeFileSync(out, '')
    symlinkSync(out, link)
    using lock = lockOutput(link)
    expect(lock).toBeDefined()
    expect(readdirSync(folder)).toContain(own)
  })
})
