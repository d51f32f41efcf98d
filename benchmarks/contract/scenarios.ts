/** What is done to every pool, each in a program of its own: a scenario gives its answer in a few words. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, observe, pause, tell } from './observe.ts'

export type Kind = 'threads' | 'processes'

/** A pool of any library, brought to one shape by its adapter in `benchmarks/peers`. */
export interface Pool {
  readonly takesSignals: boolean
  readonly run: (task: string, input?: unknown, signal?: AbortSignal) => Promise<unknown>
  /** Undefined where the library has no way to run a function that no module exports. */
  readonly runInline: ((inline: (value: number) => number, input: number) => Promise<unknown>) | undefined
  /** The library's own way to end a pool when its work is done. */
  readonly close: () => Promise<unknown>
}

/** Where a scenario is played. */
export interface Stage {
  readonly peer: string
  readonly kind: Kind
  /** A folder that is new and removed afterwards. */
  readonly folder: string
  readonly open: (workers: number) => Promise<Pool>
  /** Answers now; what follows is watched from outside. */
  readonly answer: (text: string) => void
}

export interface Scenario {
  readonly title: string
  readonly kinds?: readonly Kind[]
  /** What the program that plays it is watched for after its answer, if anything. */
  readonly afterwards?: 'ends by itself' | 'is killed' | 'prints'
  readonly play: (stage: Stage) => Promise<string>
}

const noApi = 'no such API'

function logOf({ folder }: Stage): string {
  return join(folder, 'log')
}

export function readLog(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8') : ''
}

async function untilLogged(log: string): Promise<void> {
  while (readLog(log) === '') await pause(5)
}

/** Whether a pool that has been hurt still works. */
async function aftermath(pool: Pool): Promise<string> {
  const next = await observe(() => pool.run('echo', 7))
  if (next.state === 'fulfilled' && next.value === 7) return 'the pool goes on'
  return `the next task ${tell(next)}`
}

function missingFrom(error: unknown): string[] {
  if (!(error instanceof Error)) return ['being an Error']
  const { cause } = error
  const checks: Readonly<Record<string, boolean>> = {
    class: error instanceof RangeError,
    name: error.name === 'RangeError',
    message: error.message === 'bad input',
    "the worker's stack": error.stack?.includes('throwError') ?? false,
    cause: cause instanceof Error && cause.message === 'the cause',
    code: 'code' in error && error.code === 'E_BAD',
  }
  return Object.keys(checks).filter((name) => !checks[name])
}

const cycle: { self?: unknown } = {}
cycle.self = cycle

const values: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['NaN', Number.NaN],
  ['-0', -0],
  ['undefined', undefined],
  ['BigInt', 2n ** 64n],
  ['Map', new Map([['key', 1]])],
  ['Set', new Set([1])],
  ['Date', new Date(0)],
  ['RegExp', /a/gu],
  ['Float64Array', new Float64Array([0.5])],
  ['cycle', cycle],
  ['Error', new TypeError('kept')],
])

const inputs: Scenario = {
  title:
    'NaN, -0, undefined, BigInt, Map, Set, Date, RegExp, Float64Array, a cycle, an Error: there and back',
  async play({ open }) {
    const changed: string[] = []
    const failed: string[] = []
    let pool = await open(1)
    for (const [name, value] of values) {
      const observed = await observe(() => pool.run('echo', value), 2000)
      if (observed.state !== 'fulfilled') {
        failed.push(name)
        pool = await open(1)
      } else if (!isDeepStrictEqual(observed.value, value)) changed.push(name)
    }
    const parts = [
      changed.length > 0 ? `changed: ${changed.join(', ')}` : '',
      failed.length > 0 ? `fail: ${failed.join(', ')}` : '',
    ]
    return parts.filter((part) => part !== '').join('; ') || 'exact'
  },
}

async function crash(stage: Stage, task: string): Promise<string> {
  const pool = await stage.open(2)
  const log = logOf(stage)
  // Both workers are up, so that the three tasks are where they are meant to be.
  const warm = { log: join(stage.folder, 'warm'), letter: 'w', ms: 50 }
  await Promise.all([pool.run('rest', warm), pool.run('rest', warm)])
  const running = observe(() => pool.run('rest', { log, letter: 'R', ms: 400 }))
  const dying = observe(() => pool.run(task, { log, letter: 'D', kind: stage.kind }))
  const waiting = observe(() => pool.run('rest', { log, letter: 'W', ms: 10 }))
  const [ofDying, ofRunning, ofWaiting] = await Promise.all([dying, running, waiting])
  const times = readLog(log).split('D').length - 1
  const others = [
    ofRunning.state === 'fulfilled' ? '' : `the running one ${tell(ofRunning)}`,
    ofWaiting.state === 'fulfilled' ? '' : `the waiting one ${tell(ofWaiting)}`,
  ].filter((part) => part !== '')
  return [
    tell(ofDying),
    times > 1 ? `it was run ${times} times` : '',
    others.length === 0 ? 'others unharmed' : others.join(', '),
    await aftermath(pool),
  ]
    .filter((part) => part !== '')
    .join('; ')
}

export const scenarios: ReadonlyMap<string, Scenario> = new Map<string, Scenario>([
  [
    'error',
    {
      title: 'A task throws a RangeError with a cause and a code',
      async play({ open }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('throwError'))
        if (observed.state !== 'rejected') return tell(observed)
        const missing = missingFrom(observed.reason)
        return missing.length === 0 ? 'all of it arrives' : `lost: ${missing.join(', ')}`
      },
    },
  ],
  [
    'null',
    {
      title: '`throw null`',
      async play({ open }) {
        const pool = await open(1)
        return `${tell(await observe(() => pool.run('throwNull')))}; ${await aftermath(pool)}`
      },
    },
  ],
  ['values', inputs],
  [
    'uncloneable-result',
    {
      title: 'A result that cannot be copied (it holds a function)',
      async play({ open }) {
        const pool = await open(1)
        const before = await pool.run('where')
        const observed = await observe(() => pool.run('giveFunction'))
        const after = await observe(() => pool.run('where'))
        const fate =
          after.state !== 'fulfilled'
            ? `the next task ${tell(after)}`
            : isDeepStrictEqual(before, after.value)
              ? 'the worker lives'
              : 'the worker is replaced'
        return `${tell(observed)}; ${fate}`
      },
    },
  ],
  [
    'uncloneable-input',
    {
      title: 'An input that cannot be copied',
      async play({ open }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('echo', { callback: () => {} }))
        return `${tell(observed)}; ${await aftermath(pool)}`
      },
    },
  ],
  [
    'missing',
    {
      title: 'A task that does not exist',
      async play({ open }) {
        const pool = await open(1)
        return `${tell(await observe(() => pool.run('missing')))}; ${await aftermath(pool)}`
      },
    },
  ],
  [
    'inline',
    {
      title: 'A function that no module exports',
      async play({ open }) {
        const { runInline } = await open(1)
        if (runInline === undefined) return noApi
        return tell(await observe(() => runInline((value) => value * 2, 21)))
      },
    },
  ],
  [
    'crash',
    {
      title:
        'Of two workers, one dies amid its task (SIGKILL; a thread by `process.exit(1)`), one runs, a third task waits',
      play: (stage) => crash(stage, 'die'),
    },
  ],
  [
    'exit-0',
    { title: 'The same, by `process.exit(0)` in the task', play: (stage) => crash(stage, 'exitCleanly') },
  ],
  [
    'abort-running',
    {
      title: 'Abort of a task that computes for ever',
      async play(stage) {
        const pool = await stage.open(1)
        if (!pool.takesSignals) return noApi
        const controller = new AbortController()
        const observed = observe(() => pool.run('spin', logOf(stage), controller.signal))
        await untilLogged(logOf(stage))
        controller.abort()
        return `${tell(await observed)}; ${await aftermath(pool)}`
      },
    },
  ],
  [
    'abort-pending',
    {
      title: 'Abort of a task that waits behind another',
      async play(stage) {
        const pool = await stage.open(1)
        if (!pool.takesSignals) return noApi
        const log = logOf(stage)
        const controller = new AbortController()
        const running = observe(() => pool.run('rest', { log, letter: 'R', ms: 500 }))
        await untilLogged(log)
        const pending = observe(() => pool.run('rest', { log, letter: 'P', ms: 10 }, controller.signal))
        await pause(50)
        controller.abort()
        const [ofPending, ofRunning] = await Promise.all([pending, running])
        await pause(200)
        return [
          tell(ofPending),
          readLog(log).includes('P') ? 'it runs all the same' : 'it never starts',
          ofRunning.state === 'fulfilled' ? 'the other is unharmed' : `the other ${tell(ofRunning)}`,
        ].join('; ')
      },
    },
  ],
  [
    'order',
    {
      title: 'Order of start on one worker, every other task with a signal',
      async play(stage) {
        const pool = await stage.open(1)
        if (!pool.takesSignals) return noApi
        const log = logOf(stage)
        const { signal } = new AbortController()
        await pool.run('echo', 0)
        await Promise.all(
          Array.from('ABCDEF', (letter, index) =>
            observe(() => pool.run('rest', { log, letter, ms: 5 }, index % 2 === 1 ? signal : undefined)),
          ),
        )
        const started = readLog(log).replaceAll(/[a-z]/gu, '')
        return started === 'ABCDEF' ? 'as submitted' : `${started} instead of ABCDEF`
      },
    },
  ],
  [
    'late',
    {
      title: 'A timer that task A left behind throws while task B runs on the same worker',
      async play(stage) {
        const pool = await stage.open(1)
        const first = await observe(() => pool.run('leaveBomb'))
        const second = await observe(() => pool.run('rest', { log: logOf(stage), letter: 'B', ms: 400 }))
        const innocent = second.state === 'fulfilled' ? 'B unharmed' : `B ${tell(second)}`
        return `${first.state === 'fulfilled' ? '' : `A ${tell(first)}; `}${innocent}; ${await aftermath(pool)}`
      },
    },
  ],
  [
    'noise',
    {
      title: "A task posts messages of its own to the worker's parent",
      async play({ open }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('makeNoise'))
        await pause(100)
        const said = observed.state === 'fulfilled' && observed.value === 'quiet' ? 'no harm' : tell(observed)
        return `${said}; ${await aftermath(pool)}`
      },
    },
  ],
  [
    'close',
    {
      title: 'The pool is closed while one task runs and one waits',
      async play(stage) {
        const pool = await stage.open(1)
        const log = logOf(stage)
        const running = observe(() => pool.run('rest', { log, letter: 'R', ms: 400 }))
        const waiting = observe(() => pool.run('rest', { log, letter: 'W', ms: 100 }))
        await untilLogged(log)
        const closed = await observe(() => pool.close())
        const done = readLog(log)
        const [ofRunning, ofWaiting] = await Promise.all([running, waiting])
        return [
          ofRunning.state === 'fulfilled' ? 'the running one ends' : `the running one ${tell(ofRunning)}`,
          ofWaiting.state === 'fulfilled' ? 'the waiting one too' : `the waiting one ${tell(ofWaiting)}`,
          closed.state !== 'fulfilled'
            ? `close ${tell(closed)}`
            : ofWaiting.state === 'fulfilled' && !done.endsWith('w')
              ? 'close does not wait for them'
              : '',
        ]
          .filter((part) => part !== '')
          .join('; ')
      },
    },
  ],
  [
    'after-close',
    {
      title: 'A task submitted after the close',
      async play({ open }) {
        const pool = await open(1)
        await pool.run('echo', 1)
        await observe(() => pool.close())
        return tell(await observe(() => pool.run('echo', 2)))
      },
    },
  ],
  [
    'nested',
    {
      title: 'A task uses a pool of its own',
      async play({ open, peer, kind }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('nest', { peer, kind }))
        return observed.state === 'fulfilled' && observed.value === 42 ? 'works' : tell(observed)
      },
    },
  ],
  [
    'printed',
    {
      title: 'A task prints 1 MiB, then the pool is closed',
      afterwards: 'prints',
      async play({ open }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('print', 2 ** 20))
        await observe(() => pool.close())
        return observed.state === 'fulfilled' ? '' : tell(observed)
      },
    },
  ],
  [
    'end',
    {
      title: 'The program ends without a close; a task still runs',
      afterwards: 'ends by itself',
      async play(stage) {
        const pool = await stage.open(2)
        pool.run('rest', { log: logOf(stage), letter: 'R', ms: 300 }).catch((error: unknown) => {
          stage.answer(`its task rejects: ${describe(error)}`)
        })
        await untilLogged(logOf(stage))
        return ''
      },
    },
  ],
  [
    'orphan',
    {
      title: 'The host is killed by SIGKILL while one worker computes and one is idle',
      kinds: ['processes'],
      afterwards: 'is killed',
      async play(stage) {
        const pool = await stage.open(2)
        const workers = new Set<number>()
        while (workers.size < 2) {
          const rests = [1, 2].map(() => pool.run('rest', { log: logOf(stage), letter: 'x', ms: 100 }))
          const places = await Promise.all([pool.run('where'), pool.run('where'), pool.run('where')])
          for (const place of places) workers.add((place as { pid: number }).pid)
          await Promise.all(rests)
        }
        const log = join(stage.folder, 'spin')
        pool.run('spin', log).catch(() => {})
        await untilLogged(log)
        return JSON.stringify([...workers])
      },
    },
  ],
])
