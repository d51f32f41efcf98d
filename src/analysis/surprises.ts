/** What a reader must not miss in a result: what failed, what was not as expected, what is not decided. */

import type { CellError, Result } from '../results/schema.ts'
import type { WorkloadResult } from './by-workload.ts'
import { describeHypothesis } from './hypothesis.ts'
import { formatCount, formatList, formatSize } from './quantities.ts'
import { shownRuntime } from './runtime.ts'

export interface Surprise {
  readonly topic: 'failed' | 'refuted' | 'undecided'
  readonly text: string
}

/** `TypeError: x is no function (tasks.ts:12)`. */
export function describeError({ name, message, location }: CellError): string {
  const shown = message.length > 400 ? `${message.slice(0, 400)}…` : message
  return `${name}: ${shown}${location === undefined ? '' : ` (${location})`}`
}

/** Failures first, then what was refuted, then what is undecided. */
export function surprisesIn(result: Result, workloads: readonly WorkloadResult[]): readonly Surprise[] {
  const told: [topic: Surprise['topic'], texts: readonly string[]][] = [
    ['failed', failures(result)],
    ['refuted', refutations(result, workloads)],
    ['undecided', workloads.flatMap(openRaces)],
  ]
  return told.flatMap(([topic, texts]) => texts.map((text) => ({ topic, text })))
}

/** The same failure of several cells is told once. */
export function failures({ cells }: Result): readonly string[] {
  const counts = new Map<string, number>()
  for (const { workload, error } of cells) {
    if (error === null) continue
    const failure = `${workload}: ${describeError(error)}`
    counts.set(failure, (counts.get(failure) ?? 0) + 1)
  }
  return [...counts].map(([failure, count]) => `${failure}, ${formatCount(count, 'cell')}`)
}

function refutations({ guidance, options }: Result, workloads: readonly WorkloadResult[]): readonly string[] {
  if (options.control === true) return []
  return [
    ...workloads
      .filter(isUnexpected)
      .flatMap((workload) => describeHypothesis(workload).map(({ text }) => `${workload.name}: ${text}`)),
    ...guidance
      .filter(({ outcome }) => outcome === 'refuted')
      .map(
        ({ claim, runtime, evidence = 'measured here' }) =>
          `"${claim}" is refuted in ${shownRuntime(runtime)}: ${evidence}`,
      ),
  ]
}

/** As `describeHypothesis` judges. */
function isUnexpected({ record, sizes }: WorkloadResult): boolean {
  const bound = sizes.flatMap(({ diagnosis }) => diagnosis ?? []).at(-1)?.bound
  return bound !== undefined && record !== undefined && bound !== record.expects
}

function openRaces({ name, control, sizes }: WorkloadResult): readonly string[] {
  // Against itself an executor should win nowhere.
  if (control !== null) return []
  const open = sizes.filter(({ verdict, refines }) => verdict?.kind === 'undecided' && !refines)
  const [first] = open
  if (first === undefined) return []
  const rivals = [...new Set(open.flatMap(({ leaders }) => leaders.map(({ label }) => label)))]
  const between = rivals.length === 0 ? '' : `, between ${formatList(rivals)}`
  return [`${name} at ${formatList(open.map(({ size }) => formatSize(size)))}${between}`]
}
