/** How the tasks of a submission ended: their values in one array, since a chunk may have very many. */

/** How one task ended; `value` is its output, or what it threw. */
export interface Outcome {
  readonly ok: boolean
  readonly value: unknown
}

export interface Outcomes {
  /** In turn, the output of each task, or what it threw. */
  readonly values: readonly unknown[]
  /** Whether each is an output; null while all are. */
  readonly areOk: readonly boolean[] | null
}

/** Nothing has ended. */
export const noOutcomes: Outcomes = { values: [], areOk: null }

export function isOk({ areOk }: Outcomes, index: number): boolean {
  return areOk === null || areOk[index] === true
}

export function outcomesOf(outcomes: readonly Outcome[]): Outcomes {
  const values = outcomes.map(({ value }) => value)
  return { values, areOk: outcomes.every(({ ok }) => ok) ? null : outcomes.map(({ ok }) => ok) }
}

/** Those of several submissions, one after the other. */
export function joinOutcomes(parts: readonly Outcomes[]): Outcomes {
  const values = parts.flatMap((part) => part.values)
  const areOk = parts.flatMap((part) => part.values.map((_, index) => isOk(part, index)))
  return { values, areOk }
}
