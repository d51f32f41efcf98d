/** What `SharedBytes` promise when a program or a worker ends, or a worker forges; every fault is real. */

import { execFile, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SharedBytes, taskModule, taskRef, WorkerLostError } from '#dist/executors/index.js'
import { allocationOf } from '#dist/executors/shared-bytes.js'
import type * as taskFunctions from '../fixtures/executors/shared-bytes.mjs'
import { held } from '../fixtures/executors/shared-bytes.mjs'
import { folder, isAlive, open, rejection, tasks, until, untilExists } from './support.ts'

const execute = promisify(execFile)
const fixtureUrl = (name: string): URL => new URL(`../fixtures/executors/${name}`, import.meta.url)
const scenarios = fileURLToPath(fixtureUrl('shared-bytes-scenarios.mjs'))
const sharedTasks = taskModule<typeof taskFunctions>(fixtureUrl('shared-bytes.mjs'))
const describeShared = describe.skipIf(process.platform !== 'linux')
const nothing = { mappings: 0, descriptors: 0 }

function allocate(byteLength: number, value: number): SharedBytes {
  const shared = SharedBytes.allocate(byteLength)
  shared.bytes.fill(value)
  onTestFinished(() => shared.release())
  return shared
}

interface Holding {
  readonly ino: number
  readonly fd: number
  readonly worker: number
}

function start(...args: string[]): ReturnType<typeof spawn> {
  const child = spawn(process.execPath, [scenarios, ...args], {
    stdio: 'ignore',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Whether any process has this memory. */
function isSomewhere(ino: number): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .some((pid) => {
      try {
        const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')
        return lines.some((line) => line.includes('memfd:boundby') && line.includes(` ${ino} `))
      } catch {
        return false
      }
    })
}

async function print(scenario: string): Promise<unknown> {
  const args = ['--expose-gc', scenarios, scenario]
  return JSON.parse((await execute(process.execPath, args)).stdout) as unknown
}

async function forge(task: keyof typeof sharedTasks, input: unknown): Promise<void> {
  const before = held()
  const executor = open('processes', { maxWorkers: 1 })
  const forging = taskRef<(value: unknown) => unknown>(fixtureUrl('shared-bytes.mjs'), task)
  expect(await rejection(executor.submit(forging, input))).toBeInstanceOf(WorkerLostError)
  expect(await executor.submit(tasks.double, 2)).toBe(4)
  expect(held()).toStrictEqual(before)
}

describeShared('the end of a program', () => {
  it('frees the memory, even if the program is killed while its worker uses it', async () => {
    const path = join(folder(), 'holding')
    const host = start('hold', path)
    await untilExists(`${path}.started`)
    const { ino, worker } = JSON.parse(readFileSync(path, 'utf8')) as Holding
    expect(isSomewhere(ino)).toBe(true)
    host.kill('SIGKILL')
    await until(() => !isSomewhere(ino))
    await until(() => !isAlive(worker))
  })

  it('is closed to other users while it runs', async () => {
    const path = join(folder(), 'holding')
    const host = start('hold', path)
    await untilExists(`${path}.started`)
    const { fd } = JSON.parse(readFileSync(path, 'utf8')) as Holding
    const file = `/proc/${host.pid}/fd/${fd}`
    const { mode, uid, nlink } = statSync(file)
    expect([(mode & 0o777).toString(8), uid, nlink]).toStrictEqual(['600', process.geteuid?.(), 0])
    // Only root can try as somebody else.
    if (process.geteuid?.() !== 0) return
    const script = `require('node:fs').openSync('${file}')`
    expect(spawnSync(process.execPath, ['-e', script]).status).toBe(0)
    const other = spawnSync(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, encoding: 'utf8' })
    expect(other.status).toBe(1)
    expect(other.stderr).toContain('EACCES')
  })

  it('frees what was forgotten, and not what is still looked at', async () => {
    expect(await print('forget')).toStrictEqual({
      before: expect.toSatisfy((count: number) => count >= 1) as unknown,
      after: { mappings: 1, descriptors: 1 },
      view: 1,
    })
  })

  it('survives a look at what has been released, by the program and by a thread', async () => {
    expect(await print('look at released bytes')).toStrictEqual({
      first: 0,
      inThread: 1_000_000,
      after: nothing,
      length: 1_000_000,
    })
  })
})

describeShared('a process that forges', () => {
  const id = '01234567-89ab-4def-8123-456789abcdef'
  it.each([
    ['nothing', null],
    ['a text', 'mapped'],
    ['an unknown kind', ['other', id]],
    ['what it was not lent', ['known', id]],
    ['no id', ['mapped', 5, 10, 1, 3, null]],
    ['an id that is none', ['copied', '__proto__', new Uint8Array(3)]],
    ['bytes that are none', ['copied', id, 'text']],
    ['a descriptor that is none', ['mapped', id, 10, 1, '../../1/fd/3', null]],
    ['a closed descriptor', ['mapped', id, 10, 1, 999, null]],
    ['a negative descriptor', ['mapped', id, 10, 1, -1, null]],
    ['a device', ['mapped', id, 10, 1, 0, null]],
    ['a socket', ['mapped', id, 10, 1, 3, null]],
    ['too many bytes', ['mapped', id, 2 ** 40, 1, 3, null]],
    ['no bytes', ['mapped', id, 0, 1, 3, null]],
    ['an address', ['mapped', id, 10, 1, 3, 4096n]],
  ])('%s loses itself only', async (_what, description) => {
    await forge('forge', { description })
  })

  it('is what is tried below: what is well formed is taken', async () => {
    const executor = open('processes', { maxWorkers: 1 })
    const forging = taskRef<(value: unknown) => unknown>(fixtureUrl('shared-bytes.mjs'), 'forge')
    const made = await executor.submit(forging, { description: ['copied', id, new Uint8Array(3).fill(5)] })
    expect((made as SharedBytes).bytes).toStrictEqual(new Uint8Array(3).fill(5))
    ;(made as SharedBytes).release()
    const lengthForging = taskRef<(value: unknown) => unknown>(fixtureUrl('shared-bytes.mjs'), 'forgeLength')
    const other = open('processes', { maxWorkers: 1 })
    const mapped = await other.submit(lengthForging, { byteLength: 4096, claimed: 4096 })
    expect((mapped as SharedBytes).bytes).toHaveLength(4096)
    ;(mapped as SharedBytes).release()
  })

  it.each(['named', 'unlinked'])('shared memory of a file that is %s loses itself only', async (kind) => {
    await forge('forgeFile', { kind, path: join(folder(), 'file') })
  })

  it.each([
    [4096, 4095],
    [4096, 8192],
  ])('a length (%i bytes, said to be %i) loses itself only', async (byteLength, claimed) => {
    await forge('forgeLength', { byteLength, claimed })
  })

  it('a result of another length loses itself only', async () => {
    const shared = allocate(10, 1)
    await forge('forgeOtherLength', shared)
    expect(shared.bytes).toStrictEqual(new Uint8Array(10).fill(1))
  })

  it('the return of what nobody has released loses itself only', async () => {
    const shared = allocate(10, 1)
    await forge('forgeReturn', shared)
    expect(allocationOf(shared).isReleased).toBe(false)
  })

  it('cannot cut off the memory that it was lent', async () => {
    const executor = open('processes', { maxWorkers: 1 })
    const shared = allocate(10_000, 1)
    expect(await rejection(executor.submit(sharedTasks.cutOff, shared))).toMatchObject({ code: 'EPERM' })
    expect(shared.bytes[9999]).toBe(1)
  })
})
