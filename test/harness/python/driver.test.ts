/** The driver inside a real Python: what it answers, and what no twin can do to it. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { CellError } from '#dist/results/schema.js'
import { CellFailure } from '#dist/harness/cell-error.js'
import { DriverProcess } from '#dist/harness/python/driver-process.js'
import type { PythonExecutorKind } from '#dist/harness/python/executors.js'
import { folder as temporaryFolder, isAlive, until } from '../../executors/support.ts'
import { python, withoutPython } from './python.js'

const kinds = ['serial', 'threads', 'processes'] as const
const twinFile = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/twins/${name}.py`, import.meta.url))

const drivers: DriverProcess[] = []
let beats = 0

async function open(
  task: string,
  kind: PythonExecutorKind = 'serial',
  twin = 'twin',
): Promise<DriverProcess> {
  const target = { python: python?.path ?? '', twin: twinFile(twin), functions: [task], kind, workers: 2 }
  const driver = await DriverProcess.open(target, () => beats++)
  drivers.push(driver)
  return driver
}

/** The processes in which four tasks ran. */
async function pids(kind: PythonExecutorKind): Promise<Set<unknown>> {
  const driver = await open('pid', kind)
  await driver.prepare([1, 2, 3, 4])
  return new Set((await driver.measure(false)).outputs)
}

async function failureOf(promise: Promise<unknown>): Promise<CellError & { lost: boolean }> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof CellFailure)) throw new Error(`no failure but ${String(thrown)}`)
  return { ...thrown.cellError, lost: thrown.hostLost }
}

afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.close()))
})

describe.skipIf(python === undefined)(`the driver (skipped where ${withoutPython})`, () => {
  it.each(kinds)('gives the outputs of %s in order, with a makespan', async (kind) => {
    const driver = await open('add_one', kind)
    const inputs = Array.from({ length: 20 }, (_, index) => index)
    await driver.prepare(inputs)
    const first = await driver.measure(true)
    expect(first.outputs).toEqual(inputs.map((value) => value + 1))
    expect(first.makespanMs).toBeGreaterThan(0)
    expect(first.longestMs).toBeLessThanOrEqual(first.makespanMs)
    await driver.prepare([7])
    expect((await driver.measure(false)).outputs).toEqual([8])
  })

  it('runs tasks in as many processes as workers, and in none but its own otherwise', async () => {
    expect((await pids('processes')).size).toBe(2)
    expect((await pids('threads')).size).toBe(1)
    expect((await pids('serial')).size).toBe(1)
  })

  it.each(kinds)('is not confused by what a twin prints under %s', async (kind) => {
    const driver = await open('chatter', kind)
    await driver.prepare([1, 2, 3])
    expect((await driver.measure(false)).outputs).toEqual([1, 2, 3])
  })

  it('keeps its pipes from the processes in which tasks run', async () => {
    const driver = await open('meddle', 'processes')
    await driver.prepare([1, 2, 3])
    expect((await driver.measure(false)).outputs).toEqual([1, 2, 3])
    await driver.prepare([4])
    expect((await driver.measure(false)).outputs).toEqual([4])
  })

  it.each(['threads', 'processes'] as const)(
    'tells of a failure under %s only when the other tasks have ended too',
    async (kind) => {
      const path = join(temporaryFolder(), 'ended')
      const driver = await open('end_late', kind)
      await driver.prepare([null, path])
      expect(await failureOf(driver.measure(false))).toMatchObject({ message: 'at once' })
      expect(existsSync(path)).toBe(true)
    },
  )

  it.each(kinds)(
    'tells what a task raised under %s, with its cause and its line, and goes on',
    async (kind) => {
      const driver = await open('raise_error', kind)
      await driver.prepare([1, 2])
      expect(await failureOf(driver.measure(false))).toEqual({
        name: 'ValueError',
        message: kind === 'processes' ? 'cannot take 2' : "cannot take 2; caused by KeyError: 'odd'",
        location: 'twin.py:44',
        lost: false,
      })
      await driver.prepare([1, 3])
      expect((await driver.measure(true)).outputs).toEqual([1, 3])
    },
  )

  it('takes a task that exits for one that failed', async () => {
    const driver = await open('leave')
    await driver.prepare([1])
    expect(await failureOf(driver.measure(false))).toMatchObject({ name: 'SystemExit', lost: false })
  })

  it('says how Python ended where a task kills it', async () => {
    for (const kind of ['serial', 'threads'] as const) {
      const driver = await open('die', kind)
      await driver.prepare([1])
      expect(await failureOf(driver.measure(false))).toEqual({
        name: 'ProcessExited',
        message: 'Python exited with signal SIGKILL',
        lost: true,
      })
    }
    const pool = await open('die', 'processes')
    await pool.prepare([1])
    expect(await failureOf(pool.measure(false))).toMatchObject({ name: 'BrokenProcessPool', lost: true })
  })

  it('refuses outputs without a form in JavaScript, and inputs without one in Python', async () => {
    const driver = await open('give_set')
    await driver.prepare([1])
    expect((await failureOf(driver.measure(false))).message).toBe(
      'the output of task 0 is a value of the type set, which has no form in JavaScript',
    )
    await expect(driver.prepare([1, { at: [new Map()] }])).rejects.toThrow(
      'the input of task 1 holds a Map, which has no form in Python',
    )
  })

  it('says what is wrong with a twin', async () => {
    expect((await failureOf(open('no_such'))).message).toBe('twin.py has no function no_such')
    expect(await failureOf(open('task', 'serial', 'broken'))).toMatchObject({
      name: 'ModuleNotFoundError',
      location: 'broken.py:3',
    })
  })

  it('says what cannot be started', async () => {
    const target = { python: '/no/python', twin: twinFile('twin'), functions: ['task'], workers: 1 } as const
    const failure = await failureOf(DriverProcess.open({ ...target, kind: 'serial' }, () => {}))
    expect(failure.message).toContain('Python cannot be started: spawn /no/python ENOENT')
  })

  it.each(kinds)('tells of life while tasks of %s are watched', async (kind) => {
    const driver = await open('pid', kind)
    await driver.prepare(Array.from({ length: 20 }, () => 0))
    beats = 0
    await driver.measure(false)
    expect(beats).toBe(0)
    const { longestMs } = await driver.measure(true)
    expect(beats).toBeGreaterThan(0)
    expect(longestMs).toBeGreaterThan(10)
  })

  it('leaves nobody behind who spins when its starter is killed', async () => {
    const folder = temporaryFolder()
    const starter = fileURLToPath(new URL('../../fixtures/twins/starter.mjs', import.meta.url))
    const child = spawn(process.execPath, [starter, python?.path ?? '', twinFile('twin'), folder], {
      stdio: 'ignore',
    })
    // One under serial, one under threads, two processes.
    await until(() => readdirSync(folder).length === 4)
    const spinning = readdirSync(folder).map(Number)
    expect(spinning.every(isAlive)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !spinning.some(isAlive))
  }, 30_000)
})
