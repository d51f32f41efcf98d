/** Who takes part in the race of the pools, each with the settings that serve it best. */

import type { Kind } from '../contract/scenario.ts'

export interface Contender {
  readonly name: string
  readonly kind: Kind
  /** A file of benchmarks/peers, without its ending; none for CPython. */
  readonly peer: string
  readonly settings?: Readonly<Record<string, unknown>>
  /** `raw` is a limit that is no pool; `inexact` cannot carry what structured clone can. */
  readonly role: 'ours' | 'peer' | 'inexact' | 'other' | 'raw'
}

const json = { serialization: 'json' }
const many = { concurrentTasksPerWorker: 32 }

export const contenders: readonly Contender[] = [
  { name: 'boundby', kind: 'processes', peer: 'boundby', role: 'ours' },
  { name: 'tinypool', kind: 'processes', peer: 'tinypool', role: 'peer' },
  { name: 'tinypool, 32 a worker', kind: 'processes', peer: 'tinypool', settings: many, role: 'peer' },
  { name: 'workerpool', kind: 'processes', peer: 'workerpool', role: 'peer' },
  { name: 'workerpool json', kind: 'processes', peer: 'workerpool', settings: json, role: 'inexact' },
  { name: 'jest-worker', kind: 'processes', peer: 'jest-worker', role: 'peer' },
  { name: 'poolifier', kind: 'processes', peer: 'poolifier', role: 'peer' },
  { name: 'poolifier json', kind: 'processes', peer: 'poolifier', settings: json, role: 'inexact' },
  { name: 'CPython', kind: 'processes', peer: 'CPython', role: 'other' },
  { name: 'raw fork json', kind: 'processes', peer: 'raw', settings: { via: 'json' }, role: 'raw' },
  { name: 'raw fork', kind: 'processes', peer: 'raw', settings: { via: 'advanced' }, role: 'raw' },
  { name: 'raw socket', kind: 'processes', peer: 'raw', settings: { via: 'socket' }, role: 'raw' },
  { name: 'boundby', kind: 'threads', peer: 'boundby', role: 'ours' },
  { name: 'piscina', kind: 'threads', peer: 'piscina', role: 'peer' },
  { name: 'piscina, 32 a worker', kind: 'threads', peer: 'piscina', settings: many, role: 'peer' },
  { name: 'tinypool', kind: 'threads', peer: 'tinypool', role: 'peer' },
  { name: 'tinypool, 32 a worker', kind: 'threads', peer: 'tinypool', settings: many, role: 'peer' },
  { name: 'workerpool', kind: 'threads', peer: 'workerpool', role: 'peer' },
  { name: 'poolifier', kind: 'threads', peer: 'poolifier', role: 'peer' },
  { name: 'jest-worker', kind: 'threads', peer: 'jest-worker', role: 'peer' },
  { name: 'raw postMessage', kind: 'threads', peer: 'raw', settings: { via: 'port' }, role: 'raw' },
]
