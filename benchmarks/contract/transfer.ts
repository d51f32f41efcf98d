/** Scenarios of what goes to a worker and what comes back. */

import { isDeepStrictEqual } from 'node:util'
import { observe, tell } from './observe.ts'
import { aftermath, noApi } from './scenario.ts'
import type { Scenario } from './scenario.ts'

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

const samples: ReadonlyMap<string, unknown> = new Map<string, unknown>([
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

const values: Scenario = {
  title:
    'NaN, -0, undefined, BigInt, Map, Set, Date, RegExp, Float64Array, a cycle, an Error: there and back',
  async play({ open }) {
    const changed: string[] = []
    const failed: string[] = []
    let pool = await open(1)
    for (const [name, value] of samples) {
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

export const transfer: readonly (readonly [name: string, scenario: Scenario])[] = [
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
  ['values', values],
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
]
