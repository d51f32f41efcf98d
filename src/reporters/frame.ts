/** What stands around the tables of a terminal report: the machine and what disturbed it before, failures after them. */

import { formatCount, formatDuration, formatList, formatPercent } from '../analysis/quantities.ts'
import { reasonsEverywhere } from '../analysis/not-tested.ts'
import { shownRuntime } from '../analysis/runtime.ts'
import type { Summary } from '../analysis/summary.ts'
import { failures } from '../analysis/surprises.ts'
import type { Result } from '../results/schema.ts'
import { machineText, severalMachines } from './machines.ts'
import { reproduce } from './reproduce.ts'
import type { Style } from './style.ts'

export function renderHeader(result: Result, style: Style): string {
  const { environment, options } = result
  const duration = result.durationMs === undefined ? '' : ` in ${formatDuration(result.durationMs)}`
  const machines = severalMachines(result)
  const pythons = (environment.pythons ?? []).map(({ runtime }) => shownRuntime(runtime))
  const beside = pythons.length === 0 ? '' : `, with ${formatList(pythons)} beside it`
  const ofSerial = pythons.length === 0 ? 'serial' : "serial (for CPython's: python-serial)"
  const reference = options.control === true ? 'A' : ofSerial
  const workloads = new Set(result.cells.map(({ workload }) => workload)).size
  const lines = [
    style.paint(
      'title',
      `boundby ${environment.boundby} on ${machines === null ? `Node ${environment.node}` : 'several machines'}${beside}`,
    ),
    ...(machines ?? [machineText(environment)]),
    `${formatCount(workloads, 'workload')}, ${formatCount(result.cells.length, 'cell')}${duration} of a budget of ${options.budgetMs / 1000} s, seed ${options.seed}, ${formatCount(options.tasksInFlightPerWorker, 'task')} in flight per worker`,
    ...(result.interrupted === null || result.interrupted === undefined
      ? []
      : [style.paint('warning', `Interrupted: ${result.interrupted}`)]),
    ...new Set((result.warnings ?? []).map((warning) => style.paint('warning', `Warning: ${warning}`))),
    ...reasonsEverywhere(result).map((reason) => `CPython's executors were not tested: ${reason}.`),
    style.paint(
      'quiet',
      `A cell: the median time for all tasks, and how many times as fast as ${reference} that is. ✓ winner, ≈ tied within ${formatPercent(options.margin)}, ? undecided; ±: the interval at ${formatPercent(options.confidence)} confidence.`,
    ),
  ]
  return lines.map((line) => style.paragraph(line)).join('\n')
}

export function renderControl({ control }: Summary, style: Style): string | null {
  if (control === null) return null
  const [found = '', ...others] = control.sentences
  const tone = control.named.length === 0 ? 'title' : 'warning'
  return [style.paragraph(style.paint(tone, found)), ...others.map((text) => style.paragraph(text))].join(
    '\n',
  )
}

export function renderFooter(result: Result, style: Style): string {
  return [
    ...renderFailures(result, style),
    style.paragraph(`Again with the same seed: ${reproduce(result)}`),
  ].join('\n')
}

function renderFailures(result: Result, style: Style): readonly string[] {
  const total = result.cells.filter(({ error }) => error !== null).length
  if (total === 0) return []
  return [
    style.paint('failed', `✗ ${formatCount(total, 'cell')} of ${result.cells.length} failed`),
    ...failures(result).map((failure) => style.paragraph(failure, { bullet: '  - ' })),
  ]
}
