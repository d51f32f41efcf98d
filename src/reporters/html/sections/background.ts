/** What the numbers rest on: warnings, failures, the machine, the call, and how to do it again. */

import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatSize,
} from '../../../analysis/quantities.ts'
import { describeError } from '../../../analysis/surprises.ts'
import type { Result } from '../../../results/schema.ts'
import { severalMachines } from '../../machines.ts'
import { reproduce } from '../../reproduce.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import type { View } from '../view.ts'

export function warningsSection({ result }: View): Markup | null {
  const warnings = [...new Set(result.warnings ?? [])]
  const failures = failuresOf(result.cells)
  if (warnings.length + failures.length === 0) return null
  return markup`<section aria-labelledby="doubts"><h2 id="doubts">What to be careful about</h2><ul class="doubts">${failures.map((text) => markup`<li class="failed"><b class="glyph">✗</b>${text}</li>`)}${warnings.map((text) => markup`<li>${text}</li>`)}</ul></section>\n`
}

/** The same failure of several cells once. */
function failuresOf(cells: View['result']['cells']): readonly string[] {
  const failures = new Map<string, number>()
  for (const { workload, error } of cells) {
    if (error === null) continue
    const text = `${workload}: ${describeError(error)}`
    failures.set(text, (failures.get(text) ?? 0) + 1)
  }
  return [...failures].map(([text, count]) => `${text}, ${formatCount(count, 'cell')} failed`)
}

export function reproduceSection({ result }: View): Markup {
  const { environment, options, startedAt, durationMs } = result
  return markup`<section aria-labelledby="again"><h2 id="again">How it was measured</h2><p>The same again, with the same seed:</p><pre class="scroll" tabindex="0" role="group" aria-label="Command"><code>${reproduce(result)}</code></pre><div class="facts"><div><h3>Machine</h3>${facts(
    [
      ...machineFacts(result),
      ['boundby', environment.boundby],
      [
        'other programs',
        environment.during?.otherCpuShare === undefined
          ? null
          : `${formatPercent(environment.during.otherCpuShare)} of the CPU`,
      ],
      ['started', startedAt ?? null],
      ['took', durationMs === undefined ? null : formatDuration(durationMs)],
    ],
  )}</div><div><h3>Options</h3>${facts([
    ['workloads', options.workloads?.join(', ') ?? null],
    ['sizes', options.sizes?.map(formatSize).join(', ') ?? null],
    ['suite', options.suite],
    ['executors', options.executors.join(', ')],
    ['workers', options.maxWorkers?.join(', ') ?? 'chosen by a pilot'],
    ['tasks in flight per worker', String(options.tasksInFlightPerWorker)],
    ['budget', formatDuration(options.budgetMs)],
    ['timeout of a task', formatDuration(options.timeoutMs)],
    ['confidence', formatPercent(options.confidence)],
    ['margin', formatPercent(options.margin)],
    ['seed', String(options.seed)],
    ['shard', options.shard === undefined ? null : `${options.shard.index} of ${options.shard.of}`],
  ])}</div></div></section>\n`
}

type Fact = readonly [string, string | null]

function machineFacts(result: Result): readonly Fact[] {
  const { environment } = result
  const several = severalMachines(result)
  if (several !== null) return [['merged from', several.join('; ')]]
  return [
    ['CPU', `${environment.cpuModel}, ${formatCount(environment.cores, 'core')}`],
    [
      'usable',
      `${formatCount(environment.availableCores, 'core')}${environment.cpuQuotaCores === null ? ', no quota' : `, a quota of ${environment.cpuQuotaCores}`}`,
    ],
    ['memory', formatBytes(environment.memoryBytes)],
    ['system', `${environment.platform} ${environment.arch}`],
    ['Node', environment.node],
    ['load before', environment.loadAverage?.map((load) => load.toFixed(2)).join(', ') ?? null],
    ['governors', environment.governors?.join(', ') ?? null],
    ['turbo', environment.turbo === undefined ? null : environment.turbo ? 'on' : 'off'],
  ]
}

function facts(entries: readonly Fact[]): Markup {
  return markup`<dl>${entries.map(([name, value]) =>
    value === null ? null : markup`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`
}
