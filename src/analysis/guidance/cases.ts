/** A result as the claims see it: what one runtime showed, workload by workload and size by size. */

import type { Cell, Crossover, Diagnosis, Result, Verdict, WorkloadRecord } from '../../results/schema.ts'
import { executorOf, isOf } from '../runtime.ts'
import type { Role, Runtime } from '../runtime.ts'

/** A measured cell; serial, and one that shares no launch with it, has no `overSerial`. */
export interface MeasuredCell {
  readonly executor: string
  /** With its workers, where it has any: `threads ×8`. */
  readonly label: string
  readonly workers: number | null
  readonly medianMs: number
  readonly overSerial: Cell['overSerial']
  readonly transferMs: number | null
  readonly workerProcesses: number | null
}

export type ComparedCell = MeasuredCell & { readonly overSerial: NonNullable<Cell['overSerial']> }

export interface SizeCase {
  readonly size: number
  readonly cells: readonly MeasuredCell[]
  readonly verdict: Verdict | undefined
}

export interface WorkloadCase {
  readonly name: string
  /** At the largest size that was diagnosed; else what its author expects. */
  readonly bound: Diagnosis['bound'] | undefined
  /** Those that were listed, not those added to place a crossover; ascending. */
  readonly sizes: readonly SizeCase[]
  readonly crossovers: readonly Crossover[]
}

export interface RuntimeCases {
  readonly runtime: Runtime
  /** Why nothing of this runtime could be measured, and how to get it; null if something was. */
  readonly missing: string | null
  readonly margin: number
  /** By name. */
  readonly workloads: readonly WorkloadCase[]
  /** The id of the executor with this role. */
  readonly executor: (role: Role) => string
}

export function casesOf(result: Result, runtime: Runtime): RuntimeCases {
  const cells = result.cells.filter((cell) => isOf(runtime, cell))
  const verdicts = result.verdicts.filter((verdict) => isOf(runtime, verdict))
  // Only those which tell from where on serial is no longer the fastest.
  const crossovers = result.crossovers.filter(
    (crossover) => isOf(runtime, crossover) && crossover.from === executorOf(runtime, 'serial'),
  )
  const names = [...new Set(cells.map(({ workload }) => workload))].toSorted()
  const executor = (role: Role): string => executorOf(runtime, role)
  return {
    runtime,
    missing: missingOf(result, runtime, cells.length),
    margin: result.options.margin,
    workloads: names.map((name) =>
      workloadCase(
        name,
        cells.filter(({ workload }) => workload === name),
        verdicts.filter(({ workload }) => workload === name),
        crossovers.filter(({ workload }) => workload === name),
        result,
      ),
    ),
    executor,
  }
}

function missingOf({ options, skipped = [] }: Result, { name, kind }: Runtime, cells: number): string | null {
  if (options.control === true)
    return 'a control races executors against themselves; boundby run without --control tests it'
  if (cells > 0) return null
  if (kind === 'node') return 'no executor of Node took part; boundby run without --executors has them all'
  if (name !== 'cpython')
    return 'none of the workloads has a Python twin; boundby run --workloads primes has one'
  const executor = 'python-serial'
  return (
    skipped.find((skip) => skip.executor === executor)?.reason ??
    (options.executors.includes(executor)
      ? 'python3 was not found: install it (on Debian: apt-get install python3)'
      : `its executors did not take part; boundby run --executors ${[...options.executors, executor].join(',')} asks for one`)
  )
}

function workloadCase(
  name: string,
  cells: readonly Cell[],
  verdicts: readonly Verdict[],
  crossovers: readonly Crossover[],
  { diagnoses, workloads }: Result,
): WorkloadCase {
  const measured = cells.filter(({ refines, error }) => refines !== true && error === null)
  const sizes = [...new Set(measured.map(({ size }) => size))].toSorted((one, other) => one - other)
  return {
    name,
    bound: boundOf(name, diagnoses, workloads),
    sizes: sizes.map((size) => ({
      size,
      cells: measured.filter((cell) => cell.size === size).flatMap(measuredCell),
      verdict: verdicts.find((verdict) => verdict.size === size),
    })),
    crossovers: crossovers.toSorted((one, other) => (one.size ?? Infinity) - (other.size ?? Infinity)),
  }
}

function boundOf(
  name: string,
  diagnoses: readonly Diagnosis[],
  records: readonly WorkloadRecord[] = [],
): WorkloadCase['bound'] {
  const largest = diagnoses
    .filter(({ workload }) => workload === name)
    .toSorted((one, other) => other.size - one.size)[0]
  return largest?.bound ?? records.find((record) => record.name === name)?.expects
}

function measuredCell({
  executor,
  workers,
  medianMs,
  overSerial,
  costsMs,
  workerProcesses,
}: Cell): MeasuredCell[] {
  if (medianMs === null) return []
  const isPlain = workers === null || /(?:^|-)serial$/u.test(executor)
  return [
    {
      executor,
      label: isPlain ? executor : `${executor} ×${workers}`,
      workers,
      medianMs,
      overSerial,
      transferMs: costsMs.transfer ?? null,
      workerProcesses: workerProcesses ?? null,
    },
  ]
}

/** The cells of one executor that were compared with serial, the fastest first. */
export function compared({ cells }: SizeCase, executor: string): ComparedCell[] {
  return cells
    .filter((cell): cell is ComparedCell => cell.executor === executor && cell.overSerial !== undefined)
    .toSorted(
      (one, other) => other.overSerial.ratio - one.overSerial.ratio || (one.label < other.label ? -1 : 1),
    )
}
