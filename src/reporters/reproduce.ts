/** How a result came about, as a command that can be given again. */

import type { Result, WhatIfChange } from '../results/schema.ts'

/** The call that repeats this run; what it leaves out has its default. */
export function reproduce({ options }: Result): string {
  const flags: [name: string, value: string | null][] = [
    ['suite', options.suite === 'default' ? null : options.suite],
    ['executors', options.executors.join(',')],
    ['workloads', options.workloads?.join(',') ?? null],
    ['sizes', options.sizes?.join(',') ?? null],
    ['max-workers', options.maxWorkers?.join(',') ?? null],
    ['tasks-in-flight', options.tasksInFlightPerWorker === 1 ? null : String(options.tasksInFlightPerWorker)],
    ['timeout', options.timeoutMs === 30_000 ? null : `${options.timeoutMs / 1000}s`],
    ['budget', `${options.budgetMs / 1000}s`],
    ['least-launches', options.leastLaunches === undefined ? null : String(options.leastLaunches)],
    ['confidence', options.confidence === 0.95 ? null : String(options.confidence)],
    ['margin', options.margin === 0.05 ? null : `${Number((options.margin * 100).toPrecision(6))}%`],
    ['what-if', options.whatIf === undefined ? null : whatIfWord(options.whatIf)],
    ['seed', String(options.seed)],
    ['shard', options.shard === undefined ? null : `${options.shard.index}/${options.shard.of}`],
  ]
  const named = flags.flatMap(([name, value]) => (value === null ? [] : [`--${name}`, shellWord(value)]))
  const control = options.control === true ? ['--control'] : []
  const refines = options.findCrossover === false ? ['--find-crossover=false'] : []
  return ['boundby', 'run', ...options.files.map(shellWord), ...control, ...refines, ...named].join(' ')
}

function whatIfWord({ cores, latencyMs }: WhatIfChange): string {
  const parts = [
    ...(cores === null ? [] : [`cores=${cores}`]),
    ...(latencyMs === null ? [] : [`latency=${latencyMs}ms`]),
  ]
  return parts.join(',')
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
