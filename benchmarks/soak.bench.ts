/**
 * A million tasks through each executor, with flat memory: `npm run bench:soak` writes what it found into
 * docs/executors.md; `-- 50000 threads` only prints it, for so many tasks and these executors.
 */

import { spawnSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createExecutor, executorIds, taskModule } from 'boundby/executors'
import type { Executor } from 'boundby/executors'
import { machine, markdownTable, writeBetween } from './page.ts'
import { growthOf, residentBytes } from './soak/memory.ts'
import type { Growth } from './soak/memory.ts'
import { liveBytes } from './soak/tasks.mjs'
import type * as soakTasks from './soak/tasks.mjs'

const self = fileURLToPath(import.meta.url)
const defaultTasks = 1_000_000
const tasksPerBatch = 1000
/** For handles that are being closed when an executor says that its workers are dead. */
const settleMs = 5000
/** How often memory is read, each time after a garbage collection. */
const readings = 200

interface Soak {
  readonly tasks: number
  /** What is alive in the host's heap. */
  readonly hostHeap: Growth
  /** What is alive in the workers' heaps together; of executors without workers, the same heap again. */
  readonly workerHeaps: Growth
  /** Of the host and its child processes together, with the garbage that V8 saw no reason to collect. */
  readonly resident: Growth
  /** Handles and listeners that were not there before. */
  readonly leftBehind: readonly string[]
}

const tasks = taskModule<typeof soakTasks>(pathToFileURL(resolve('benchmarks/soak/tasks.mjs')))

/** Every handle and listener there is, by its kind. */
function belongings(signal: AbortSignal): string[] {
  const listeners = process
    .eventNames()
    .flatMap((name) => Array<string>(process.listenerCount(name)).fill(String(name)))
  const ofSignal = getEventListeners(signal, 'abort').map(() => 'abort')
  return [...process.getActiveResourcesInfo(), ...[...listeners, ...ofSignal].map((name) => `on ${name}`)]
}

async function leftBehind(before: readonly string[], signal: AbortSignal): Promise<string[]> {
  const deadline = Date.now() + settleMs
  for (;;) {
    const left = belongings(signal)
    for (const kind of before) if (left.includes(kind)) left.splice(left.indexOf(kind), 1)
    if (left.length === 0 || Date.now() > deadline) return left
    await pause(20)
  }
}

/** One batch by `submit`, the next by `map`, all with one signal that outlives them. */
async function runBatch(executor: Executor, isMapped: boolean, signal: AbortSignal): Promise<void> {
  const inputs = Array.from({ length: tasksPerBatch }, (_, index) => index)
  let sum = 0
  if (isMapped)
    for await (const output of executor.map(tasks.echo, inputs, { chunkSize: 10, signal })) sum += output
  else
    for (const output of await Promise.all(
      inputs.map((input) => executor.submit(tasks.echo, input, { signal })),
    ))
      sum += output
  if (sum !== (tasksPerBatch * (tasksPerBatch - 1)) / 2) throw new Error('A task was lost, or run twice.')
}

/** Each idle worker takes one of as many tasks as there are workers. */
async function liveBytesOfWorkers(executor: Executor): Promise<number> {
  const bytes = await Promise.all(executor.workers.map(() => executor.submit(tasks.liveBytes)))
  return bytes.reduce((sum, each) => sum + each, 0)
}

/** Plays one executor in this process, which was started with --expose-gc. */
async function soak(id: string, taskCount: number): Promise<Soak> {
  const { signal } = new AbortController()
  // These open when they are first asked for, which would count as left behind.
  for (const stream of [process.stdout, process.stderr]) stream.write('')
  const before = belongings(signal)
  const executor = createExecutor(id, id === 'serial' ? {} : { maxWorkers: 2 })
  await executor.warmUp()
  const pids = new Set([process.pid, ...executor.workers.map(({ pid }) => pid)])
  const done: number[] = []
  const hostHeap: number[] = []
  const workerHeaps: number[] = []
  const resident: number[] = []
  const tasksPerReading = Math.max(tasksPerBatch, taskCount / readings)
  for (let count = tasksPerBatch; count <= taskCount; count += tasksPerBatch) {
    await runBatch(executor, count % (2 * tasksPerBatch) === 0, signal)
    if (count % tasksPerReading >= tasksPerBatch) continue
    done.push(count)
    workerHeaps.push(await liveBytesOfWorkers(executor))
    hostHeap.push(liveBytes())
    resident.push([...pids].reduce((sum, pid) => sum + residentBytes(pid), 0))
  }
  await executor.shutdown()
  return {
    tasks: taskCount,
    hostHeap: growthOf(done, hostHeap),
    workerHeaps: growthOf(done, workerHeaps),
    resident: growthOf(done, resident),
    leftBehind: await leftBehind(before, signal),
  }
}

function soakInOwnProcess(id: string, taskCount: number): Soak {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--expose-gc', self, 'play', id, String(taskCount)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (status !== 0) throw new Error(`The soak of ${id} failed (exit code ${status}).`)
  return JSON.parse(stdout) as Soak
}

function inMebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}

function describe({ bytesPerTask, firstBytes, lastBytes }: Growth): string {
  return `${bytesPerTask.toFixed(2)} (${inMebibytes(firstBytes)} → ${inMebibytes(lastBytes)} MiB)`
}

function rowOf(id: string, found: Soak): string[] {
  return [
    `\`${id}\``,
    found.tasks.toLocaleString('en'),
    describe(found.hostHeap),
    describe(found.workerHeaps),
    describe(found.resident),
    found.leftBehind.join(', ') || 'as before',
  ]
}

const head = [
  '',
  'tasks',
  'alive in the host, bytes per task',
  'alive in the workers',
  'resident, all processes',
  'listeners and handles',
]

function main(taskCount: number, ids: readonly string[]): void {
  const rows = ids.map((id) => {
    const row = rowOf(id, soakInOwnProcess(id, taskCount))
    process.stderr.write(`${row.join(' | ')}\n`)
    return row
  })
  const text = `${machine()}\n\n${markdownTable(head, rows)}`
  process.stdout.write(`${text}\n`)
  if (taskCount === defaultTasks && ids.length === executorIds.length)
    writeBetween('docs/executors.md', 'soak', text)
}

const [first = '', ...rest] = process.argv.slice(2)
if (first === 'play') process.stdout.write(JSON.stringify(await soak(rest[0] ?? '', Number(rest[1]))))
else main(first === '' ? defaultTasks : Number(first), rest.length === 0 ? executorIds : rest)
