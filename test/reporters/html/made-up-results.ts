/** Results that no run gave: with everything in them that a result can hold, with a hostile name, and very large ones. */
import type { Cell, Prediction, Result, Timeline, Verdict } from '../../../src/results/schema.ts'

export const hostileName = '<img src=x onerror=alert(1)>|=cmd()\u001B[31m'

interface Model {
  readonly name: string
  readonly summary: string
  readonly bound: 'cpu' | 'io' | 'mixed' | 'overhead'
  readonly sizes: readonly number[]
  /** Of one task at the largest size, in ms. */
  readonly cpuMs: number
  readonly blockedMs: number
}

const models: readonly Model[] = [
  {
    name: 'fetch-and-parse',
    summary: 'Fetches JSON from a web server that takes 20 ms, and parses it',
    bound: 'mixed',
    sizes: [1, 10, 40],
    cpuMs: 6,
    blockedMs: 20,
  },
  {
    name: 'file-read',
    summary: 'Reads a file that was just written, asynchronously: it looks like I/O',
    bound: 'cpu',
    sizes: [65_536, 16_777_216, 268_435_456],
    cpuMs: 4,
    blockedMs: 0.1,
  },
  {
    name: 'http-get',
    summary: 'Fetches short answers from a web server that takes 20 ms for each',
    bound: 'io',
    sizes: [1, 10, 40],
    cpuMs: 0.6,
    blockedMs: 20,
  },
  {
    name: 'primes',
    summary: 'Counts the primes below a number by trial division',
    bound: 'cpu',
    sizes: [1000, 10_000, 100_000, 1_000_000],
    cpuMs: 3.6,
    blockedMs: 0,
  },
  {
    name: 'timer',
    summary: 'Waits 10 ms for a timer',
    bound: 'io',
    sizes: [1, 10, 100],
    cpuMs: 0.05,
    blockedMs: 10,
  },
  {
    name: 'tiny',
    summary: 'Returns the process id: next to no work, so that a pool only costs',
    bound: 'overhead',
    sizes: [1, 100, 1000],
    cpuMs: 0.001,
    blockedMs: 0,
  },
  {
    name: 'word-count',
    summary: 'Counts the words of a text',
    bound: 'cpu',
    sizes: [10_000, 1_000_000, 10_000_000],
    cpuMs: 2,
    blockedMs: 0,
  },
]

const tasks = 16
const python = 'cpython 3.11.7'

interface Contestant {
  readonly executor: string
  readonly workers: number
  readonly inFlight: number
  readonly dispatchMs: number
  /** How much longer CPU work takes than in Node. */
  readonly slower: number
  /** Workers that are on a CPU at once, at most. */
  readonly cores: number
}

const contestants: readonly Contestant[] = [
  { executor: 'serial', workers: 1, inFlight: 1, dispatchMs: 0, slower: 1, cores: 1 },
  { executor: 'event-loop', workers: 16, inFlight: 16, dispatchMs: 0.002, slower: 1, cores: 1 },
  { executor: 'threads', workers: 2, inFlight: 2, dispatchMs: 0.04, slower: 1, cores: 2 },
  { executor: 'processes', workers: 2, inFlight: 2, dispatchMs: 0.09, slower: 1, cores: 2 },
  { executor: 'python-serial', workers: 1, inFlight: 1, dispatchMs: 0, slower: 9, cores: 1 },
  { executor: 'python-threads', workers: 2, inFlight: 2, dispatchMs: 0.05, slower: 9, cores: 1 },
  { executor: 'python-processes', workers: 2, inFlight: 2, dispatchMs: 0.3, slower: 9, cores: 2 },
]

/** A repeatable stand-in for noise: between 1 − amount and 1 + amount. */
const wobble = (seed: number, amount: number): number => 1 + amount * Math.sin(seed * 12.9898)

function makespanMs(
  { cpuMs, blockedMs }: Model,
  scale: number,
  { inFlight, dispatchMs, slower, cores }: Contestant,
): number {
  const cpu = (cpuMs * scale * slower * tasks) / Math.min(cores, inFlight)
  const waves = Math.ceil(tasks / inFlight)
  return Math.max(cpu, waves * (cpuMs * scale * slower + blockedMs)) + dispatchMs * tasks + 0.002
}

const runtimeOf = (executor: string) => (executor.startsWith('python-') ? { runtime: python } : {})

function cellOf(model: Model, size: number, contestant: Contestant, index: number): Cell {
  const scale = size / (model.sizes.at(-1) ?? 1)
  const medianMs = makespanMs(model, scale, contestant)
  const launches = [0, 1, 2, 3].map((launch) => {
    const ms = medianMs * wobble(index * 7 + launch, 0.03)
    return [ms, ms * 1.01]
  })
  const { executor, workers, inFlight, dispatchMs, slower } = contestant
  const cpu = Math.min(
    medianMs,
    (model.cpuMs * scale * slower * tasks) / (executor === 'event-loop' ? 1 : inFlight),
  )
  const dispatch = Math.min(medianMs - cpu, dispatchMs * tasks * 0.7)
  const transfer = Math.min(medianMs - cpu - dispatch, dispatchMs * tasks * 0.2)
  const runQueue = Math.min(medianMs - cpu - dispatch - transfer, cpu * 0.04)
  const blocked = medianMs - cpu - dispatch - transfer - runQueue
  return {
    workload: model.name,
    size,
    executor,
    ...runtimeOf(executor),
    workers,
    tasks,
    launches,
    medianMs,
    intervalMs: [medianMs * 0.95, medianMs * 1.06],
    checksum: 'c',
    costsMs: { startup: workers * 18, dispatch, transfer, cpu, runQueue, blocked },
    peakRssBytes: 80e6 + index * 1e6,
    error: null,
  }
}

/** As a run keeps them: over the serial executor of the same runtime. */
function withSpeedUps(race: readonly Cell[]): readonly Cell[] {
  return race.map((cell) => {
    const serial = race.find(
      ({ executor, runtime }) => executor.endsWith('serial') && runtime === cell.runtime,
    )
    if (serial === undefined || serial === cell) return cell
    const ratio = (serial.medianMs ?? 1) / (cell.medianMs ?? 1)
    return { ...cell, overSerial: { ratio, interval: [ratio * 0.9, ratio * 1.12], outcome: 'open' } }
  })
}

function verdictOf(cells: readonly Cell[], over: string): Verdict {
  const sorted = cells.toSorted((a, b) => (a.medianMs ?? 0) - (b.medianMs ?? 0))
  const [first, second] = sorted
  if (first === undefined || second === undefined) throw new Error('a race needs two')
  const lead = (second.medianMs ?? 0) / (first.medianMs ?? 1)
  const kind = lead > 1.3 ? 'winner' : lead > 1.08 ? 'undecided' : 'tie'
  const leaders = kind === 'winner' ? [first] : [first, second]
  const serial = cells.find(({ executor }) => executor === over)
  const ratio = first.executor === over ? null : (serial?.medianMs ?? 0) / (first.medianMs ?? 1)
  return {
    workload: first.workload,
    size: first.size,
    kind,
    executors: leaders.map(({ executor }) => executor),
    workers: leaders.map(({ workers }) => workers),
    over,
    ...runtimeOf(over),
    ratio,
    interval: ratio === null ? null : [ratio * 0.96, ratio * 1.04],
    rounds: 8,
    launches: 4,
    reason: 'too close to tell',
    warnings: kind === 'undecided' ? ['drift: it became slower in the course of the run.'] : [],
  }
}

function timelineOf(model: Model, contestant: Contestant): Timeline {
  const { executor, workers, inFlight, dispatchMs, slower, cores } = contestant
  const free = Array.from({ length: inFlight }, () => 0)
  const isOneWorker = executor === 'event-loop'
  const cpuMs = model.cpuMs * slower
  const runQueueMs = cores < inFlight && !isOneWorker ? cpuMs * (inFlight / cores - 1) : cpuMs * 0.04
  let mainFree = 0
  const list = Array.from({ length: tasks }, (_, index) => {
    const slot = free.indexOf(Math.min(...free))
    const startedMs = Math.max((free[slot] ?? 0) + dispatchMs, isOneWorker ? mainFree : 0)
    if (isOneWorker) mainFree = startedMs + cpuMs
    const endedMs = startedMs + (cpuMs + model.blockedMs) * wobble(index, 0.05) + runQueueMs
    free[slot] = endedMs + dispatchMs * 0.2
    return {
      worker: isOneWorker ? 0 : slot,
      queuedMs: 0,
      startedMs,
      endedMs,
      settledMs: endedMs + dispatchMs * 0.2,
      cpuMs,
      runQueueMs,
    }
  })
  return {
    workload: model.name,
    size: model.sizes.at(-1) ?? 1,
    executor,
    makespanMs: Math.max(...list.map(({ settledMs }) => settledMs)),
    workers: Array.from({ length: isOneWorker ? 1 : workers }, (_, worker) => ({
      pid: executor.endsWith('processes') ? 4000 + worker : 3999,
      threadId: executor === 'threads' ? worker + 1 : 0,
    })),
    tasks: list,
    omittedTasks: 0,
  }
}

function predictionOf({ workload, size, executor, workers, medianMs }: Cell, index: number): Prediction {
  const predictedMs = (medianMs ?? 1) * wobble(index, 0.3)
  const isOff = Math.abs(predictedMs / (medianMs ?? 1) - 1) > 0.25
  return {
    workload,
    size,
    executor,
    workers,
    predictedMs,
    intervalMs: [predictedMs * 0.8, predictedMs * 1.25],
    disagreement: isOff ? 'The event loop waits for less than one task alone does' : null,
  }
}

/** Of sixteen cores: everything but serial is eight times as fast. */
function whatIfOf(cells: readonly Cell[]): NonNullable<Result['whatIf']> {
  const predictions = inNode(cells).map(({ workload, size, executor, workers, medianMs }) => {
    const predictedMs = (medianMs ?? 1) / (executor === 'serial' ? 1 : 8)
    const intervalMs: [number, number] = [predictedMs * 0.7, predictedMs * 1.4]
    return { workload, size, executor, workers, predictedMs, intervalMs }
  })
  const places = new Map(predictions.map(({ workload, size }) => [`${workload} ${size}`, { workload, size }]))
  return {
    change: { cores: 16, latencyMs: 2 },
    assumptions: ['16 cores like those here (2)', 'a task that waits, waits for 2.00 ms in all'],
    predictions,
    winners: [...places.values()].map(({ workload, size }) => {
      const own = predictions.filter((each) => each.workload === workload && each.size === size)
      const [best] = own.toSorted((one, other) => one.predictedMs - other.predictedMs)
      return { workload, size, executors: [best?.executor ?? 'serial'] }
    }),
    crossovers: [{ workload: 'primes', from: 'serial', to: 'threads', size: 21_000 }],
  }
}

const inNode = (race: readonly Cell[]): readonly Cell[] =>
  race.filter(({ executor }) => !executor.startsWith('python-'))

/** A result of the default suite, or `only` some of it, with everything that a result can hold; `name`: of the first workload. */
export function fullResult({
  name,
  only,
}: { readonly name?: string; readonly only?: readonly string[] } = {}): Result {
  const chosen = models.filter((model) => only === undefined || only.includes(model.name))
  const all = chosen.map((model, index) => (name !== undefined && index === 0 ? { ...model, name } : model))
  const races = all.flatMap((model, place) =>
    model.sizes.map((size, step) =>
      contestants.map((contestant, index) => cellOf(model, size, contestant, place * 50 + step * 8 + index)),
    ),
  )
  const cells = races.flatMap(withSpeedUps)
  return {
    format: 'boundby-result',
    formatVersion: 1,
    startedAt: '2026-11-25T12:00:00.000Z',
    durationMs: 59_800,
    environment: {
      node: 'v20.20.2',
      platform: 'linux',
      arch: 'x64',
      cpuModel: 'AMD EPYC',
      cores: 2,
      availableCores: 2,
      cpuQuotaCores: null,
      memoryBytes: 25e9,
      loadAverage: [0.4, 0.5, 0.5],
      boundby: '0.1.0',
      governors: ['performance'],
      turbo: true,
      during: { otherCpuShare: 0.03 },
    },
    options: {
      files: [],
      suite: 'default',
      executors: contestants.map(({ executor }) => executor),
      maxWorkers: null,
      tasksInFlightPerWorker: 1,
      budgetMs: 60_000,
      confidence: 0.95,
      margin: 0.05,
      seed: 42,
      timeoutMs: 30_000,
    },
    workloads: all.map((model) => ({
      name: model.name,
      summary: model.summary,
      expects: model.bound === 'overhead' ? 'cpu' : model.bound,
      file: `${model.name}.ts`,
      bundleSha256: 'b',
    })),
    cells,
    verdicts: races.flatMap((race) => [
      verdictOf(inNode(race), 'serial'),
      verdictOf(
        race.filter((cell) => !inNode(race).includes(cell)),
        'python-serial',
      ),
    ]),
    crossovers: [
      {
        workload: 'primes',
        from: 'serial',
        to: 'threads',
        workers: [1, 2],
        answer: 'found',
        size: 41_000,
        interval: [30_000, 52_000],
        bracket: [10_000, 100_000],
      },
    ],
    diagnoses: all.flatMap((model) =>
      model.sizes.map((size) => {
        const scale = size / (model.sizes.at(-1) ?? 1)
        const cpuShare = (model.cpuMs * scale) / (model.cpuMs * scale + model.blockedMs + 0.0001)
        return {
          workload: model.name,
          size,
          bound: model.bound,
          cpuShare,
          hiddenShare: model.name === 'file-read' ? cpuShare * 0.7 : 0,
          runQueueShare: 0,
          blockedShare: 1 - cpuShare,
        }
      }),
    ),
    guidance: [
      {
        id: 'threads-for-io',
        claim: 'Use threads for I/O',
        runtime: 'node',
        outcome: 'refuted',
        evidence: 'In http-get the event loop took 25.1 ms, threads 166 ms.',
        reason: 'I/O is asynchronous in Node: one thread waits for all of it.',
      },
      {
        id: 'threads-for-io',
        claim: 'Use threads for I/O',
        runtime: python,
        outcome: 'holds',
        evidence: 'In http-get threads took 169 ms, one thread 336 ms.',
        reason: 'A thread lets go of the lock while it waits.',
      },
      {
        id: 'processes-for-cpu',
        claim: 'Use processes for CPU work over large data',
        runtime: 'node',
        outcome: 'undecided',
        evidence: 'In primes threads and processes are tied.',
      },
      {
        id: 'processes-for-cpu',
        claim: 'Use processes for CPU work over large data',
        runtime: python,
        outcome: 'holds',
        evidence: 'In primes processes took 376 ms, threads 761 ms.',
      },
      {
        id: 'queue',
        claim: 'A queue for many machines',
        runtime: 'node',
        outcome: 'not tested',
        evidence: 'Needs a Redis server: start one and name it.',
      },
    ],
    predictedCrossovers: [{ workload: all.at(-1)?.name ?? '', from: 'serial', to: 'threads', size: 33_000 }],
    whatIf: whatIfOf(cells),
    predictions: cells.map(predictionOf),
    timelines: all.flatMap((model) => contestants.map((contestant) => timelineOf(model, contestant))),
    skipped: [
      { workload: 'tiny', size: 1000, executor: 'python-threads', reason: 'it has no twin in Python' },
    ],
    warnings: ['load: other programs used 31 % of the CPU: end them, and measure again.'],
  }
}

/** Four cells for each size of each workload. */
export function largeResult({
  workloads,
  sizes,
}: {
  readonly workloads: number
  readonly sizes: number
}): Result {
  const base = fullResult()
  const names = Array.from({ length: workloads }, (_, index) => `workload-${index}`)
  const races = names.flatMap((workload, place) =>
    Array.from({ length: sizes }, (_, step) =>
      contestants.slice(0, 4).map((contestant, index): Cell => {
        const model = models[place % models.length]
        if (model === undefined) throw new Error('no model')
        return { ...cellOf(model, 10 * 1.02 ** step, contestant, place + step + index), workload }
      }),
    ),
  )
  return {
    ...base,
    workloads: [],
    cells: races.flatMap(withSpeedUps),
    verdicts: races.map((race) => verdictOf(race, 'serial')),
    crossovers: [],
    diagnoses: [],
    guidance: [],
    predictions: [],
    timelines: [],
    skipped: [],
  }
}
