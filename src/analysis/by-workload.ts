/** A result's flat lists, arranged as they are spoken of: by workload (in a control also by executor), size, arm. */

import type { Cell, Diagnosis, Result, Skip, Verdict, WorkloadRecord } from '../results/schema.ts'
import { groupBy } from './group-by.ts'
import { serialOf } from './runtime.ts'

/** One executor as it raced: with one number of workers, or with the number the pilot chose for each size. */
export interface Arm {
  readonly executor: string
  /** Its name in a control; null in a race of different executors. */
  readonly name: 'A' | 'B' | null
  /** `executor`, followed by its workers where it has any and by its name in a control: `threads ×2`, `serial A`. */
  readonly label: string
}

/** What one size showed; a size that was skipped as a whole has no cells. */
export interface SizeResult {
  readonly size: number
  /** Measured to place a crossover: none of the sizes that the author listed. */
  readonly refines: boolean
  /** An arm without a cell was not measured at this size. */
  readonly cells: ReadonlyMap<Arm, Cell>
  readonly verdict: Verdict | undefined
  readonly diagnosis: Diagnosis | undefined
  /** The arms that the verdict names: the winner, the tied, or those still in the race. */
  readonly leaders: readonly Arm[]
}

/** What one workload showed (in a control: under one executor); sizes ascend, arms keep the order in which the run named its executors. */
export interface WorkloadResult {
  readonly name: string
  /** The executor that raced itself; null if executors raced each other. */
  readonly control: string | null
  readonly record: WorkloadRecord | undefined
  /** Of CPython's executors, what ran them: `cpython 3.11.7`; null for Node's. */
  readonly runtime: string | null
  readonly arms: readonly Arm[]
  readonly sizes: readonly SizeResult[]
  readonly skipped: readonly Skip[]
  /** What its Python twin showed, one a runtime, beside Node and never mixed with it: each race has its own verdict. */
  readonly twins: readonly WorkloadResult[]
}

export function byWorkload(result: Result): readonly WorkloadResult[] {
  const names = new Set([
    ...(result.workloads ?? []).map(({ name }) => name),
    ...result.cells.map(({ workload }) => workload),
    ...(result.skipped ?? []).map(({ workload }) => workload),
  ])
  const cells = groupBy(result.cells, ({ workload }) => workload)
  const verdicts = groupBy(result.verdicts, ({ workload }) => workload)
  const diagnoses = groupBy(result.diagnoses, ({ workload }) => workload)
  const skipped = groupBy(result.skipped ?? [], ({ workload }) => workload)
  const records = new Map((result.workloads ?? []).map((record) => [record.name, record]))
  const contest = (name: string, control: string | null, runtime: string | null): WorkloadResult => {
    const ofRuntime = (entry: { readonly runtime?: string | undefined }): boolean =>
      (entry.runtime ?? null) === runtime
    const skips = (skipped.get(name) ?? []).filter(
      (skip) => (control === null || (skip.executor ?? control) === control) && ofRuntime(skip),
    )
    const { arms, sizes } = raceResults(
      (cells.get(name) ?? []).filter(
        (cell) => (control === null || cell.executor === control) && ofRuntime(cell),
      ),
      (verdicts.get(name) ?? []).filter(
        (verdict) => (control === null || verdict.executors.includes(control)) && ofRuntime(verdict),
      ),
      runtime === null ? (diagnoses.get(name) ?? []) : [],
      // A twin that is too slow for a size leaves it to Node.
      runtime === null ? skips.filter(({ executor }) => !isPythonExecutor(executor)) : [],
      result.options.executors,
    )
    const runtimes =
      runtime === null
        ? new Set(
            (cells.get(name) ?? [])
              .filter(({ executor }) => control === null || executor === control)
              .flatMap((cell) => cell.runtime ?? []),
          )
        : []
    const twins = [...runtimes].map((each) => contest(name, control, each))
    return { name, control, runtime, record: records.get(name), arms, sizes, skipped: skips, twins }
  }
  const controlled = result.options.control === true ? result.options.executors : [null]
  return [...names].flatMap((name) => controlled.map((control) => contest(name, control, null)))
}

/** The cell of a size that was measured to its end. */
export function measuredCell(at: SizeResult, arm: Arm): (Cell & { medianMs: number }) | undefined {
  const cell = at.cells.get(arm)
  return cell === undefined || cell.error !== null || cell.medianMs === null
    ? undefined
    : { ...cell, medianMs: cell.medianMs }
}

/** Whether it is one of CPython's. */
export function isPythonExecutor(executor: string | null): boolean {
  return executor !== null && serialOf(executor) !== 'serial'
}

/** Whether it runs one task after the other: what the others of its runtime are compared with. */
export function isSerial(executor: string): boolean {
  return serialOf(executor) === executor
}

/** @param arms of one runtime. */
export function serialArm(arms: Iterable<Arm>): Arm | undefined {
  return [...arms].find(({ executor }) => isSerial(executor))
}

/** The arm that speed-ups refer to: serial, or A in a control. */
export function referenceArm(arms: readonly Arm[]): Arm | undefined {
  return arms.find(({ name }) => name === 'A') ?? serialArm(arms)
}

function raceResults(
  cells: readonly Cell[],
  verdicts: readonly Verdict[],
  diagnoses: readonly Diagnosis[],
  skips: readonly Skip[],
  executorOrder: readonly string[],
): Pick<WorkloadResult, 'arms' | 'sizes'> {
  const executors = [...new Set([...executorOrder, ...cells.map(({ executor }) => executor)])]
  const cellsByExecutor = groupBy(cells, ({ executor }) => executor)
  const arms = new Map<Arm, readonly Cell[]>(
    executors.flatMap((executor) => armsOf(executor, cellsByExecutor.get(executor) ?? [])),
  )
  const cellsBySize = new Map<number, Map<Arm, Cell>>(
    skips.flatMap(({ size, refines }) => (size === null || refines === true ? [] : [[size, new Map()]])),
  )
  for (const [arm, ofArm] of arms) {
    for (const cell of ofArm) {
      const atSize = cellsBySize.get(cell.size) ?? new Map<Arm, Cell>()
      cellsBySize.set(cell.size, atSize.set(arm, cell))
    }
  }
  const verdictsBySize = new Map(verdicts.map((verdict) => [verdict.size, verdict]))
  const diagnosesBySize = new Map(diagnoses.map((diagnosis) => [diagnosis.size, diagnosis]))
  const sizes = [...cellsBySize.keys()].toSorted((a, b) => a - b)
  return {
    arms: [...arms.keys()],
    sizes: sizes.map((size) => {
      const atSize = cellsBySize.get(size) ?? new Map<Arm, Cell>()
      const verdict = verdictsBySize.get(size)
      return {
        size,
        refines: [...atSize.values()].some(({ refines }) => refines === true),
        cells: atSize,
        verdict,
        diagnosis: diagnosesBySize.get(size),
        leaders: verdict === undefined ? [] : leadersOf(verdict, atSize),
      }
    }),
  }
}

/** One arm for each number of workers that raced at the same size; otherwise one arm for the executor. */
function armsOf(executor: string, cells: readonly Cell[]): [Arm, readonly Cell[]][] {
  if (cells.length === 0) return []
  const byName = groupBy(cells, ({ arm }) => arm ?? null)
  if (!byName.has(null))
    return [...byName].map(([name, ofArm]) => {
      const counts = [...new Set(ofArm.map(({ workers }) => workers))].toSorted((a, b) => (a ?? 0) - (b ?? 0))
      return [{ executor, name, label: `${armLabel(executor, counts)} ${name}` }, ofArm]
    })
  const byWorkers = [...groupBy(cells, ({ workers }) => workers)].toSorted(([a], [b]) => (a ?? 0) - (b ?? 0))
  const severalAtOnce = new Set(cells.map(({ size }) => size)).size < cells.length
  if (severalAtOnce)
    return byWorkers.map(([workers, ofArm]) => [
      { executor, name: null, label: armLabel(executor, [workers]) },
      ofArm,
    ])
  const counts = byWorkers.map(([workers]) => workers)
  return [[{ executor, name: null, label: armLabel(executor, counts) }, cells]]
}

function armLabel(executor: string, workerCounts: readonly (number | null)[]): string {
  const [fewest, most] = [workerCounts[0] ?? null, workerCounts.at(-1) ?? null]
  // The one "worker" of serial is the main thread: a number there would tell nothing.
  if (isSerial(executor) || fewest === null || most === null) return executor
  return fewest === most ? `${executor} ×${most}` : `${executor} ×${fewest}–${most}`
}

function leadersOf(verdict: Verdict, cells: ReadonlyMap<Arm, Cell>): Arm[] {
  const leaders = verdict.executors.flatMap((executor, index) => {
    const name = verdict.arms?.[index] ?? null
    const candidates = [...cells].filter(([arm]) => arm.executor === executor && arm.name === name)
    const workers = verdict.workers?.[index]
    const named = workers === undefined ? undefined : candidates.find(([, cell]) => cell.workers === workers)
    return (named ?? candidates[0])?.[0] ?? []
  })
  return [...new Set(leaders)]
}
