/** Keeps a run in its journal while it goes on, and takes up what an earlier process has kept there. */

import { ResultFileError, UsageError } from '../errors.ts'
import { environmentDifference, firstDifference } from '../results/difference.ts'
import { invalidField } from '../results/invalid-field.ts'
import type { Journal } from '../results/journal.ts'
import type { Calibration, Environment, RunOptions } from '../results/schema.ts'
import type { DescribedWorkload } from './describe.ts'
import { parseRow } from './journal-rows.ts'
import type { JournalRow, PlanRow } from './journal-rows.ts'
import { applyChanges, RaceChanges } from './race-changes.ts'
import type { RaceState } from './race-changes.ts'

/** What a journal belongs to: its numbers mean nothing for another one. */
export interface JournaledPlan {
  readonly startedAt: string
  readonly environment: Environment
  readonly options: RunOptions
  /** Interpreters beside Node that take part. */
  readonly runtimes: readonly string[]
  readonly workloads: readonly Pick<DescribedWorkload, 'name' | 'bundle'>[]
}

/** An option as the call knows it: `--budget` for `budgetMs`. */
function flagOf(option: string): string {
  const name = option
    .replace(/Ms$|PerWorker$/u, '')
    .replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)
  return `--${name}`
}

/** A journal's rows, checked. */
function rowsOf({ path, rows }: Journal): JournalRow[] {
  return rows.map((value, index) => {
    const parsed = parseRow(value)
    if (parsed.success) return parsed.data
    throw new ResultFileError(
      `${path}, line ${index + 1}: ${invalidField(parsed.error.issues, value)}; leave out --resume to start afresh.`,
    )
  })
}

/** The seed that the journal's run draws its order from; null if it tells none. */
export function journaledSeed({ rows }: Journal): number | null {
  const parsed = parseRow(rows[0])
  return parsed.success && parsed.data.kind === 'plan' ? parsed.data.options.seed : null
}

const names = (workloads: readonly { readonly name: string }[]): string =>
  workloads.map(({ name }) => name).join(', ')

/**
 * Files are known by their code, and what is predicted besides changes no measurement. A verdict holds however long the
 * run goes on: the budget only says when it ends.
 */
const mayChange: ReadonlySet<string> = new Set(['files', 'whatIf', 'budgetMs'])

/** The budgets that a run had before, one after the other. */
function budgetsOf(rows: readonly JournalRow[]): number[] {
  return rows.flatMap((row) => {
    if (row.kind === 'plan') return [row.options.budgetMs]
    return row.kind === 'resumed' && row.budgetMs !== undefined ? [row.budgetMs] : []
  })
}

/** In what two plans differ, in words; undefined if they are one. */
function planDifference(kept: PlanRow, plan: JournaledPlan): string | undefined {
  const environment = environmentDifference(kept.environment, plan.environment)
  if (environment !== undefined)
    return `it comes from another environment (${environment.field} was ${environment.one}, and is now ${environment.other})`
  const fields = [...new Set([...Object.keys(kept.options), ...Object.keys(plan.options)])].filter(
    (name) => !mayChange.has(name),
  )
  const option = firstDifference(kept.options, plan.options, fields)
  if (option !== undefined)
    return `it is of another call (${flagOf(option.field)} was ${option.one}, and is now ${option.other})`
  if (kept.runtimes.join() !== plan.runtimes.join())
    return `it is of other interpreters (${kept.runtimes.join(', ') || 'none'}, and now ${plan.runtimes.join(', ') || 'none'})`
  if (names(kept.workloads) !== names(plan.workloads))
    return `it is of other workloads (${names(kept.workloads)}, and now ${names(plan.workloads)})`
  const changed = kept.workloads.find(
    ({ bundleSha256 }, index) => plan.workloads[index]?.bundle.sha256 !== bundleSha256,
  )
  return changed && `the code of the workload ${changed.name} has changed since`
}

export class RunJournal {
  /** When the run began, in whichever process. */
  readonly startedAt: string
  /** Of the budget, by earlier processes. */
  readonly spentMs: number
  /** Other budgets that it had before, each once. */
  readonly earlierBudgetsMs: readonly number[]
  /** Processes before this one. */
  readonly resumptions: number
  readonly calibration: Calibration | undefined
  readonly #journal: Journal
  readonly #rows: readonly JournalRow[]
  readonly #changes = new Map<RaceState, RaceChanges>()

  /**
   * Begins the journal, or goes on with the one that it holds.
   * @throws UsageError if that is of another plan.
   * @throws ResultFileError for a row that is none.
   */
  constructor(journal: Journal, plan: JournaledPlan) {
    const { startedAt, environment, options } = plan
    this.#journal = journal
    this.#rows = rowsOf(journal)
    const [first] = this.#rows
    if (first === undefined) {
      const workloads = plan.workloads.map(({ name, bundle }) => ({ name, bundleSha256: bundle.sha256 }))
      const row: PlanRow = {
        kind: 'plan',
        format: 'boundby-journal',
        formatVersion: 1,
        startedAt,
        environment,
        options,
        runtimes: [...plan.runtimes],
        workloads,
      }
      // Not before there is something measured: until then the journal of an earlier run may be there.
      journal.append(row, true)
    } else {
      const difference =
        first.kind === 'plan' ? planDifference(first, plan) : 'it does not begin with its plan'
      if (difference !== undefined)
        throw new UsageError(
          `--resume: the journal ${journal.path} does not fit: ${difference}. Repeat the call as it was, or leave out --resume to start afresh.`,
        )
      journal.append({ kind: 'resumed', resumedAt: startedAt, budgetMs: options.budgetMs })
    }
    this.startedAt = first?.kind === 'plan' ? first.startedAt : startedAt
    this.spentMs = Math.max(0, ...this.#rows.map((row) => ('spentMs' in row ? row.spentMs : 0)))
    this.earlierBudgetsMs = [...new Set(budgetsOf(this.#rows))].filter(
      (budgetMs) => budgetMs !== options.budgetMs,
    )
    this.resumptions =
      first === undefined ? 0 : 1 + this.#rows.filter(({ kind }) => kind === 'resumed').length
    this.calibration = this.#rows
      .flatMap((row) => (row.kind === 'calibration' ? [row.calibration] : []))
      .at(-1)
  }

  /**
   * Brings the races to where the journal has them.
   * @throws ResultFileError for a row that does not follow those before it, or is of no such race.
   */
  restore(races: readonly RaceState[]): void {
    for (const [index, row] of this.#rows.entries()) {
      if (row.kind !== 'race') continue
      const race = races.find(
        ({ workload, control }) => workload.name === row.workload && control === row.control,
      )
      try {
        if (race === undefined) throw new ResultFileError(`there is no workload ${row.workload} in its plan`)
        applyChanges(race, row)
      } catch (error) {
        if (!(error instanceof ResultFileError)) throw error
        throw new ResultFileError(
          `${this.#journal.path}, line ${index + 1}: ${error.message}; leave out --resume to start afresh.`,
        )
      }
    }
    // What is restored is known: only what comes then is new.
    for (const race of races) this.#changesOf(race).next(race)
  }

  /** @param mayWait if more of the kind follows in a moment. */
  keep(race: RaceState, spentMs: number, mayWait = false): void {
    const changes = this.#changesOf(race).next(race)
    if (changes !== null) this.#journal.append({ kind: 'race', spentMs, ...changes }, mayWait)
  }

  keepCalibration(calibration: Calibration, spentMs: number): void {
    this.#journal.append({ kind: 'calibration', spentMs, calibration })
  }

  #changesOf(race: RaceState): RaceChanges {
    const known = this.#changes.get(race) ?? new RaceChanges()
    this.#changes.set(race, known)
    return known
  }
}
