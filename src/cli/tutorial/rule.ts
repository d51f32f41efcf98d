/** Step: the rule itself, raced on this machine in both runtimes. */

import { fileURLToPath } from 'node:url'
import { byWorkload, measuredCell } from '../../analysis/by-workload.ts'
import type { WorkloadResult } from '../../analysis/by-workload.ts'
import { formatDuration, formatSize } from '../../analysis/quantities.ts'
import { shownRuntime } from '../../analysis/runtime.ts'
import { pythonExecutorIds } from '../../harness/python/executors.ts'
import { run } from '../../harness/run.ts'
import { escapeStrings } from '../../reporters/escape.ts'
import { renderGuidance } from '../../reporters/guidance.ts'
import type { Result } from '../../results/schema.ts'
import type { Page } from './page.ts'
import type { Step } from './step.ts'

const workloads = ['http-get', 'primes']
const budgetMs = 30_000

const fileOf = (workload: string): string =>
  fileURLToPath(new URL(`../../../benchmarks/workloads/${workload}.ts`, import.meta.url))

/** What this step is about; the others need workloads that are not raced here. */
const told = new Set(['threads-for-io', 'processes-for-cpu', 'one-thread-for-small', 'misuse-degrades'])

const barWidth = 30

/** The makespans of each size beside each other, as bars. */
function drawRaces({ name, runtime, arms, sizes, twins }: WorkloadResult, page: Page): void {
  for (const at of sizes) {
    const cells = arms.flatMap((arm) => {
      const cell = measuredCell(at, arm)
      return cell === undefined ? [] : [{ label: arm.label, medianMs: cell.medianMs }]
    })
    if (cells.length === 0) continue
    const longest = Math.max(...cells.map(({ medianMs }) => medianMs))
    const width = Math.max(...cells.map(({ label }) => label.length))
    page.write(`${name} at ${formatSize(at.size)} in ${shownRuntime(runtime ?? 'node')}`)
    for (const { label, medianMs } of cells) {
      const bar = '█'.repeat(Math.max(1, Math.round((barWidth * medianMs) / longest)))
      page.write(`  ${label.padEnd(width)}  ${bar} ${formatDuration(medianMs)}`)
    }
  }
  for (const twin of twins) drawRaces(twin, page)
}

export const rule: Step = {
  title: 'The rule, on this machine',
  about: [
    'Threads for I/O, processes for CPU work on large data, one thread while the problem is small: so says the rule, which was written for CPython. There one lock lets one thread at a time run Python code; Node has no such lock, and waits without threads.',
    `Two workloads race now for about half a minute: ${workloads.join(', which waits for a server, and ')}, which calculates, small and large. What is too close to tell in that time is called undecided; boundby run takes more of it.`,
  ],
  async perform({ page, python, signal, startProgress }) {
    page.labelled(
      'Expect',
      `threads to be ahead in http-get; in primes ${python === null ? '' : 'processes in CPython, and '}threads no worse than processes in Node; one thread where primes is small.`,
    )
    if (python === null) page.paragraph('CPython is left out here: no Python was found.')
    const progress = startProgress()
    const options: Result['options'] = {
      files: [],
      suite: 'default',
      executors: ['serial', 'threads', 'processes', ...(python === null ? [] : pythonExecutorIds)],
      maxWorkers: null,
      tasksInFlightPerWorker: 1,
      budgetMs,
      confidence: 0.95,
      margin: 0.05,
      seed: 1,
      findCrossover: false,
      timeoutMs: 30_000,
    }
    const result = await run(
      { files: workloads.map(fileOf), workloads: null, sizes: [10, 1000, 1e5, 1e6], options },
      { listener: progress.listener, signal },
    ).finally(() => progress.end())
    if (signal.aborted) return false
    const seen = escapeStrings(result)
    for (const workload of byWorkload(seen)) drawRaces(workload, page)
    page.write('')
    const guidance = seen.guidance.filter(({ id = '' }) => told.has(id))
    page.write(renderGuidance({ ...seen, guidance }, page.style) ?? '')
    return result.cells.every(({ error }) => error === null)
  },
}
