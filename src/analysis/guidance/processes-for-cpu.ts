/** "Use processes for CPU-bound work over large data": faster than one thread, and than threads. */

import { formatList } from '../quantities.ts'
import type { Runtime } from '../runtime.ts'
import type { RuntimeCases, SizeCase, WorkloadCase } from './cases.ts'
import { atSize, describePair, ruleByMost } from './claim.ts'
import type { Claim, Finding } from './claim.ts'
import { computes, isLarge } from './habitats.ts'
import { largestCompared, speedUpOf } from './speed-up.ts'

export const processesForCpu: Claim = {
  id: 'processes-for-cpu',
  text: 'Processes, not threads, speed up CPU-bound work on large data',
  judge: (cases) =>
    ruleByMost(
      cases.workloads.filter((workload) => computes(cases, workload)).flatMap((at) => find(cases, at)),
      'no workload that keeps the CPU busy for 10 ms or more was raced under one thread, threads and processes: boundby run --workloads primes',
      { holds: reasonFor(cases.runtime), refuted: copying },
    ),
}

function reasonFor({ hasLock }: Runtime): string {
  if (hasLock)
    return 'One interpreter lock (GIL) lets one thread at a time run Python code; each process has a lock of its own.'
  return 'Both have a core for each worker; processes share no heap that would make them wait for each other.'
}

const copying = 'Processes share no memory: what goes to them and back is copied through a pipe.'

function reasonForThreads({ kind, hasLock }: Runtime): string {
  if (hasLock)
    return 'Threads gain on CPU work in spite of the interpreter lock (GIL) only where native code lets go of it.'
  return kind === 'node'
    ? 'Threads of Node share no interpreter lock: each has a core, as a process has, and is nearer by.'
    : 'This build has no interpreter lock (GIL): its threads use all cores.'
}

/** Decided by the verdict: faster than one thread is not enough, if threads are as fast. */
function find(cases: RuntimeCases, workload: WorkloadCase): Finding[] {
  const processes = cases.executor('processes')
  const threads = cases.executor('threads')
  const largest = largestCompared(workload, processes)
  if (largest === undefined || !isLarge(cases, largest.at)) return []
  const { at, best, cells } = largest
  if (!at.cells.some(({ executor }) => executor === threads)) return []
  const standing = standingOf(at, processes)
  return [
    {
      workload: workload.name,
      outcome: standing?.outcome ?? (speedUpOf(cells) === 'refuted' ? 'refuted' : 'undecided'),
      evidence: `${atSize(at.size)} ${describePair(best, cases.executor('serial'), cases.margin)}, ${standing?.text ?? 'and the race is open'}`,
      effect: Math.log(best.overSerial.ratio),
      ...(standing?.outcome === 'refuted' && standing.leaders.includes(threads)
        ? { reason: reasonForThreads(cases.runtime) }
        : {}),
    },
  ]
}

/** Null while the race is open. */
function standingOf(
  { verdict }: SizeCase,
  processes: string,
): { outcome: 'holds' | 'refuted'; leaders: readonly string[]; text: string } | null {
  if (verdict === undefined || verdict.kind === 'undecided') return null
  const leaders = [...new Set(verdict.executors)]
  const [first] = leaders
  const outcome = leaders.length === 1 && first === processes ? 'holds' : 'refuted'
  return {
    outcome,
    leaders,
    text: leaders.length === 1 ? `${first} won` : `${formatList(leaders)} were tied`,
  }
}
