/** What the pools promise when workers die, memory ends, or the host itself is killed; every fault is real. */

import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Executor } from '#dist/executors/index.js'
import { ProcessPoolExecutor, taskRef, ThreadPoolExecutor, WorkerLostError } from '#dist/executors/index.js'
import { folder, isAlive, open, rejection, tasks, tasksUrl, until, untilExists } from './support.ts'

const hostPath = fileURLToPath(new URL('../fixtures/executors/host.mjs', import.meta.url))

/** How many tasks the random crashes are tried with; set it to 100000 for the whole of it. */
const crashTasks = Number(process.env['BOUNDBY_CRASH_TASKS'] ?? 1000)

interface Host {
  readonly child: ChildProcess
  /** What it wrote to stdout, once it has ended. */
  readonly output: Promise<string>
  readonly end: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

function startHost(
  id: string,
  scenario: string,
  path: string,
  { stderr = 'inherit', preload }: { stderr?: 'inherit' | 'ignore'; preload?: string } = {},
): Host {
  const child = spawn(process.execPath, [...preloading(preload), hostPath, id, scenario, path], {
    stdio: ['ignore', 'pipe', stderr],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString()
  })
  const end = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const output = new Promise<string>((resolve) => {
    child.once('close', () => resolve(text))
  })
  return { child, output, end }
}

const preloading = (code?: string): string[] =>
  code === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(code)}`]

/** As where util-linux is not: children then watch by themselves for their parent's end. */
const hideSetpriv = `import fs from 'node:fs'
  import { syncBuiltinESMExports } from 'node:module'
  const { accessSync } = fs
  fs.accessSync = (path, mode) => accessSync(String(path).endsWith('setpriv') ? '/nonexistent' : path, mode)
  syncBuiltinESMExports()`

const setprivIt = it.skipIf(!existsSync('/usr/bin/setpriv'))

/** So many threads has the process that runs a task. */
async function threadsOf(executor: Executor): Promise<number> {
  const { pid } = await executor.submit(tasks.where)
  return readdirSync(`/proc/${pid}/task`).length
}

/** Whether the process has ended within some seconds. */
async function hasEnded(pid: number): Promise<boolean> {
  const deadline = Date.now() + 3000
  await until(() => !isAlive(pid) || Date.now() > deadline)
  return !isAlive(pid)
}

/** The pid of a worker that spins. */
async function spinningPid(path: string): Promise<number> {
  await until(() => existsSync(`${path}.started`) && readFileSync(`${path}.started`, 'utf8') !== '')
  return Number(readFileSync(`${path}.started`, 'utf8'))
}

describe.each(['threads', 'processes'])('%s', (id) => {
  it.each([0, 1, 7])('rejects only the task that ends its worker, exit code %i', async (code) => {
    const executor = open(id, { maxWorkers: 1 })
    const futures = [
      executor.submit(tasks.double, 1),
      executor.submit(tasks.exit, code),
      executor.submit(tasks.double, 2),
    ]
    const [before, lost, after] = await Promise.allSettled(futures)
    expect(before).toMatchObject({ value: 2 })
    expect(after).toMatchObject({ value: 4 })
    expect(lost).toMatchObject({ reason: { code: 'ERR_WORKER_LOST', exitCode: code, signal: null } })
    expect((lost as PromiseRejectedResult).reason).toBeInstanceOf(WorkerLostError)
  })

  it('loses the chunk of a worker that ends, and no other', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'ids')
    const inputs = Array.from({ length: 9 }, (_, index) => ({ path, id: index, dies: index === 4 }))
    const outputs: number[] = []
    const error = await rejection(
      (async () => {
        for await (const output of executor.map(tasks.crashSometimes, inputs, { chunkSize: 3 }))
          outputs.push(output)
      })(),
    )
    expect(outputs).toStrictEqual([0, 1, 2])
    expect(error).toBeInstanceOf(WorkerLostError)
  })

  it('keeps the last words of a worker', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const error = await rejection(executor.submit(tasks.complainAndExit, 'my last words'))
    expect(error).toMatchObject({ exitCode: 3, stderr: 'my last words' })
  })

  it('breaks for all, as CPython does, if told to', async () => {
    const executor = open(id, { maxWorkers: 2, onWorkerLost: 'break' })
    const path = join(folder(), 'gate')
    const running = executor.submit(tasks.gate, path)
    running.catch(() => {})
    await untilExists(`${path}.started`)
    const futures = [running, executor.submit(tasks.exit, 1), executor.submit(tasks.gate, path)]
    for (const future of futures)
      expect(await rejection(future)).toMatchObject({
        code: 'ERR_EXECUTOR_BROKEN',
        cause: { code: 'ERR_WORKER_LOST' },
      })
    await executor.shutdown()
    expect(executor.workers).toStrictEqual([])
  })

  it('survives a storm of crashes', async () => {
    const executor = open(id, { maxWorkers: 2 })
    const futures = Array.from({ length: 16 }, (_, index) =>
      index % 2 === 0 ? executor.submit(tasks.exit, 1) : executor.submit(tasks.double, index),
    )
    for (const [index, settled] of (await Promise.allSettled(futures)).entries())
      expect(settled).toMatchObject(index % 2 === 0 ? { status: 'rejected' } : { value: index * 2 })
  })

  it('loses nothing and runs nothing twice while workers die at random', { timeout: 600_000 }, async () => {
    const executor = open(id, { maxWorkers: 2, tasksInFlightPerWorker: 1 })
    const path = join(folder(), 'ids')
    const inputs = Array.from({ length: crashTasks }, (_, index) => ({
      path,
      id: index,
      dies: (index * 7919) % 100 === 0,
    }))
    const settled = await Promise.allSettled(
      inputs.map((input) => executor.submit(tasks.crashSometimes, input)),
    )
    for (const [index, { id: taskId, dies }] of inputs.entries()) {
      if (dies) expect(settled[index]).toMatchObject({ reason: { code: 'ERR_WORKER_LOST' } })
      else expect(settled[index]).toMatchObject({ value: taskId })
    }
    const ran = readFileSync(path, 'utf8').trimEnd().split('\n').map(Number)
    expect(ran.toSorted((one, other) => one - other)).toStrictEqual(inputs.map((input) => input.id))
  })

  it('breaks if the initializer ends the worker, and starts no more', async () => {
    const path = join(folder(), 'starts')
    const executor = open(id, { maxWorkers: 2, initializer: tasks.markAndExit, initializerInput: path })
    const futures = [1, 2, 3, 4].map((input) => executor.submit(tasks.double, input))
    for (const future of futures)
      expect(await rejection(future)).toMatchObject({
        code: 'ERR_EXECUTOR_BROKEN',
        cause: { code: 'ERR_WORKER_LOST', exitCode: 5 },
      })
    await executor.shutdown()
    expect(readFileSync(path, 'utf8').length).toBeLessThanOrEqual(2)
  })

  it('breaks if anything throws while the initializer runs', async () => {
    const aside = open(id, { initializer: tasks.throwAside })
    expect(await rejection(aside.submit(tasks.double, 1))).toMatchObject({ cause: { message: 'aside' } })
    const code =
      'setTimeout(() => { throw new Error("on top") }, 1); export const wait = () => new Promise(() => {})'
    const url = `data:text/javascript,${encodeURIComponent(code)}`
    const beside = open(id, { initializer: taskRef<() => Promise<void>>(url, 'wait') })
    expect(await rejection(beside.submit(tasks.double, 1))).toMatchObject({
      code: 'ERR_EXECUTOR_BROKEN',
      cause: { message: 'on top' },
    })
  })

  it('counts an output that was sent before the end', async () => {
    const executor = open(id, { maxWorkers: 1 })
    for (let round = 0; round < 5; round++) {
      await expect(executor.submit(tasks.answerAndExit)).resolves.toBe('answer')
      await until(() => executor.workers.length === 0)
    }
  })

  it('breaks if the input of the initializer cannot be cloned', async () => {
    const executor = open(id, { initializer: tasks.initialize, initializerInput: { call: () => {} } })
    expect(await rejection(executor.submit(tasks.double, 1))).toMatchObject({
      code: 'ERR_EXECUTOR_BROKEN',
      cause: { code: 'ERR_TASK_TRANSFER', path: 'input.call' },
    })
    await expect(executor.warmUp()).rejects.toMatchObject({ code: 'ERR_EXECUTOR_BROKEN' })
  })

  it.each(['throwAside', 'rejectAside'] as const)(
    'charges %s to its task, and to nobody else',
    async (name) => {
      const executor = open(id, { maxWorkers: 1, tasksInFlightPerWorker: 2 })
      const path = join(folder(), 'gate')
      const innocent = executor.submit(tasks.gate, path)
      await untilExists(`${path}.started`)
      await expect(executor.submit(tasks[name])).rejects.toMatchObject({ message: 'aside' })
      writeFileSync(`${path}.open`, '')
      await expect(innocent).resolves.toBe(path)
      await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
    },
  )

  it.each(['leaveBomb', 'leaveRejection'] as const)('tells of %s, and replaces the worker', async (name) => {
    const executor = open(id, { maxWorkers: 1 })
    const errors: unknown[] = []
    executor.on('workerError', (error) => errors.push(error))
    const before = await executor.submit(tasks.where)
    await executor.submit(tasks[name])
    await until(() => errors.length === 1)
    expect(errors[0]).toMatchObject({ message: name === 'leaveBomb' ? 'late' : 'late rejection' })
    expect(await executor.submit(tasks.where)).not.toStrictEqual(before)
  })

  it('ignores messages that are not ours', async () => {
    const executor = open(id, { maxWorkers: 1 })
    await expect(executor.submit(tasks.makeNoise)).resolves.toBe('quiet')
    await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
  })

  it('ends its program when there is nothing left to do, and not before', async () => {
    const path = join(folder(), 'gate')
    const host = startHost(id, 'no shutdown', path)
    await untilExists(`${path}.started`)
    writeFileSync(`${path}.open`, '')
    await expect(host.end).resolves.toStrictEqual({ code: 0, signal: null })
  })

  it('does not hold its program by idle workers', async () => {
    await expect(startHost(id, 'warm up only', '').end).resolves.toStrictEqual({ code: 0, signal: null })
  })

  it('loses no output of a worker that leaves', async () => {
    const host = startHost(id, 'print', '')
    const output = await host.output
    expect(output).toBe('a'.repeat(100_000) + 'b'.repeat(100_000) + 'c'.repeat(100_000))
  })

  it('leaves no listener and no handle behind', async () => {
    const listeners = process.listenerCount('exit')
    const handles = process.getActiveResourcesInfo().length
    const executor = open(id, { maxWorkers: 2 })
    await executor.warmUp()
    await executor.submit(tasks.double, 1)
    await executor.shutdown()
    await until(() => process.getActiveResourcesInfo().length <= handles)
    expect(process.listenerCount('exit')).toBe(listeners)
  })
})

describe('memory', () => {
  it('loses the thread that needs more than its limit', async () => {
    const executor = new ThreadPoolExecutor({ maxWorkers: 1, resourceLimits: { maxOldGenerationSizeMb: 16 } })
    onTestFinished(() => executor.terminate())
    const error = await rejection(executor.submit(tasks.allocateForEver))
    expect(error).toMatchObject({ code: 'ERR_WORKER_LOST', cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' } })
    await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
  })

  it('loses the process that needs more than its limit', async () => {
    const executor = open('processes', { maxWorkers: 1, execArgv: ['--max-old-space-size=16'] })
    const error = await rejection(executor.submit(tasks.allocateForEver))
    expect(error).toMatchObject({ code: 'ERR_WORKER_LOST' })
    expect((error as WorkerLostError).stderr).toContain('heap')
    await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
  })
})

describe('processes that are killed', () => {
  it('loses the task of a running worker', async () => {
    const executor = open('processes', { maxWorkers: 2 })
    const path = join(folder(), 'spin')
    const lost = executor.submit(tasks.spin, path)
    const others = [1, 2, 3].map((input) => executor.submit(tasks.double, input))
    process.kill(await spinningPid(path), 'SIGKILL')
    expect(await rejection(lost)).toMatchObject({
      code: 'ERR_WORKER_LOST',
      exitCode: null,
      signal: 'SIGKILL',
    })
    expect(await Promise.all(others)).toStrictEqual([2, 4, 6])
  })

  it('harms no task if the worker was idle, even one submitted at that moment', async () => {
    const executor = open('processes', { maxWorkers: 1 })
    for (let round = 0; round < 4; round++) {
      const { pid } = await executor.submit(tasks.where)
      process.kill(pid, 'SIGKILL')
      const [one, other] = await Promise.all([
        executor.submit(tasks.where),
        executor.submit(tasks.double, round),
      ])
      expect(one.pid).not.toBe(pid)
      expect(other).toBe(round * 2)
    }
  })

  it('loses the task that dies amid a large output, and no other', async () => {
    const executor = open('processes', { maxWorkers: 2 })
    const large = 64 * 1024 * 1024
    const lost = executor.submit(tasks.dieAmidOutput, large)
    const kept = executor.submit(tasks.filled, large)
    await expect(lost).rejects.toMatchObject({ code: 'ERR_WORKER_LOST', signal: 'SIGKILL' })
    const output = await kept
    expect(output).toHaveLength(large)
    expect(output.at(-1)).toBe(7)
  })

  it.each([3, 5])('ends only the worker that sends what no worker sends, on %i', async (descriptor) => {
    const executor = open('processes', { maxWorkers: 2 })
    const path = join(folder(), 'gate')
    const innocent = executor.submit(tasks.gate, path)
    await untilExists(`${path}.started`)
    await expect(executor.submit(tasks.forge, descriptor)).rejects.toMatchObject({ code: 'ERR_WORKER_LOST' })
    writeFileSync(`${path}.open`, '')
    await expect(innocent).resolves.toBe(path)
  })

  it('does not end a worker by Ctrl-C', async () => {
    const executor = open('processes', { maxWorkers: 1 })
    const { pid } = await executor.submit(tasks.where)
    process.kill(pid, 'SIGINT')
    await expect(executor.submit(tasks.where)).resolves.toMatchObject({ pid })
  })

  it.each([
    ['spin', 'SIGKILL'],
    ['spin', 'SIGTERM'],
    ['spin in the initializer', 'SIGKILL'],
  ] as const)('leaves no orphan that does %s when the host gets %s', async (scenario, signal) => {
    const path = join(folder(), 'spin')
    const host = startHost('processes', scenario, path)
    const pid = await spinningPid(path)
    host.child.kill(signal)
    await expect(host.end).resolves.toStrictEqual({ code: null, signal })
    await expect(hasEnded(pid)).resolves.toBe(true)
  })

  setprivIt.each(['spin', 'spin in the initializer'])(
    'leaves no orphan that does %s where the kernel does not see to it',
    async (scenario) => {
      const path = join(folder(), 'spin')
      const host = startHost('processes', scenario, path, { preload: hideSetpriv })
      const pid = await spinningPid(path)
      expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).not.toContain('BOUNDBY_PARENT')
      host.child.kill('SIGKILL')
      await expect(hasEnded(pid)).resolves.toBe(true)
    },
  )

  setprivIt('leaves no orphan that spins before it could watch (skipped without util-linux)', async () => {
    const path = join(folder(), 'spin')
    const host = startHost('processes', 'spin in a preload', path)
    const pid = await spinningPid(path)
    host.child.kill('SIGKILL')
    await expect(hasEnded(pid)).resolves.toBe(true)
  })

  setprivIt(
    'start all they may need when warmed up, and no sooner (skipped without util-linux)',
    async () => {
      const [cold, warm] = [open('processes', { maxWorkers: 1 }), open('processes', { maxWorkers: 1 })]
      await warm.warmUp()
      expect((await threadsOf(warm)) - (await threadsOf(cold))).toBe(1)
    },
  )

  it('ends a worker whose parent died before the kernel had been told', () => {
    const entry = fileURLToPath(import.meta.resolve('#dist/executors/entry/process.cjs'))
    // A parent that it does not have.
    const { status, stderr } = spawnSync(process.execPath, [entry], {
      env: { BOUNDBY_PARENT: `${process.ppid} 0,0,0,0` },
      encoding: 'utf8',
    })
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' })
  })

  it('ends a worker that cannot watch its parent', async () => {
    const refuseThreads = `delete process.env.BOUNDBY_PARENT
      import threads from 'node:worker_threads'
      import { syncBuiltinESMExports } from 'node:module'
      threads.Worker = class { constructor() { throw new Error('no thread') } }
      syncBuiltinESMExports()`
    const execArgv = preloading(refuseThreads)
    const executor = open('processes', { maxWorkers: 1, execArgv })
    const error = await rejection(executor.submit(tasks.spin, join(folder(), 'spin')))
    expect(error).toMatchObject({ code: 'ERR_WORKER_LOST', exitCode: 1 })
    expect((error as WorkerLostError).stderr).toContain('no thread')
  })

  it.each([
    ['exit while a worker spins', 7],
    ['throw while a worker spins', 1],
  ])('leaves no orphan on %s, and the exit status as it is', async (scenario, code) => {
    const path = join(folder(), 'spin')
    const host = startHost('processes', scenario, path, { stderr: 'ignore' })
    const pid = await spinningPid(path)
    writeFileSync(`${path}.gate.open`, '')
    await expect(host.end).resolves.toStrictEqual({ code, signal: null })
    await until(() => !isAlive(pid))
  })

  it('die with the thread that made them', async () => {
    const executor = open('threads', { maxWorkers: 1 })
    const path = join(folder(), 'spin')
    const executors = import.meta.resolve('#dist/executors/index.js')
    executor.submit(tasks.spinInOwnProcess, { executors, tasks: tasksUrl.href, path }).catch(() => {})
    const pid = await spinningPid(path)
    await executor.terminate()
    await until(() => !isAlive(pid))
  })
})

describe('workers that the OS refuses', () => {
  it('breaks if there is none', async () => {
    const { execPath } = process
    onTestFinished(() => {
      process.execPath = execPath
    })
    process.execPath = '/nonexistent/node'
    const executor = new ProcessPoolExecutor({ maxWorkers: 2 })
    expect(await rejection(executor.submit(tasks.double, 1))).toMatchObject({
      code: 'ERR_EXECUTOR_BROKEN',
      cause: { code: 'ENOENT' },
    })
    await executor.shutdown()
  })

  it('carries on while one lives', async () => {
    const { execPath } = process
    onTestFinished(() => {
      process.execPath = execPath
    })
    const executor = open('processes', { maxWorkers: 2 })
    await executor.submit(tasks.double, 1)
    process.execPath = '/nonexistent/node'
    const futures = [1, 2, 3].map((input) => executor.submit(tasks.double, input))
    expect(await Promise.all(futures)).toStrictEqual([2, 4, 6])
    await executor.warmUp()
    expect(executor.workers).toHaveLength(1)
  })

  it('carries on with the threads there are', async () => {
    const env: Record<string, string> = {}
    const executor = open('threads', { maxWorkers: 2, env })
    await executor.submit(tasks.double, 1)
    // What no environment can hold makes the next start fail.
    Reflect.set(env, 'IMPOSSIBLE', Symbol('no text'))
    await executor.warmUp()
    expect(executor.workers).toHaveLength(1)
    Reflect.deleteProperty(env, 'IMPOSSIBLE')
    await rejection(executor.submit(tasks.exit, 1))
    const futures = [1, 2, 3].map((input) => executor.submit(tasks.double, input))
    expect(await Promise.all(futures)).toStrictEqual([2, 4, 6])
  })

  it('breaks on options that a thread cannot have', async () => {
    const executor = open('threads', { execArgv: ['--max-old-space-size=16'] })
    expect(await rejection(executor.submit(tasks.double, 1))).toMatchObject({
      code: 'ERR_EXECUTOR_BROKEN',
      cause: { code: 'ERR_WORKER_INVALID_EXEC_ARGV' },
    })
  })
})
