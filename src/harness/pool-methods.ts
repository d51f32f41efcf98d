/** Which methods of `concurrent.futures` the two kinds of pool have, as their classes show when a run begins. */

import { ProcessPoolExecutor } from '../executors/process-pool.ts'
import { ThreadPoolExecutor } from '../executors/thread-pool.ts'

const names = ['submit', 'map', 'shutdown'] as const

const methodsOf = (prototype: object): string[] =>
  names.filter((name) => typeof Reflect.get(prototype, name) === 'function')

export function readPoolMethods(): { threads: string[]; processes: string[] } {
  return {
    threads: methodsOf(ThreadPoolExecutor.prototype),
    processes: methodsOf(ProcessPoolExecutor.prototype),
  }
}
