/** What was found out about one function, and what a reader must know besides. */

import { waitForOneAnother } from './contenders.ts'
import type { Result } from '../results/schema.ts'
import type { Forecastable } from './advice-forecast.ts'
import type { FunctionSource } from './advice-code.ts'
import type { TaskDiagnosis } from './diagnosis.ts'
import { formatCount } from './quantities.ts'

export interface DiagnosedFunction extends FunctionSource {
  /** That the function declares. */
  readonly parameters: number
  /** Whether two calls gave the same; null if that cannot be told. */
  readonly isRepeatable: boolean | null
  readonly keepsInput: boolean
  readonly diagnosis: TaskDiagnosis
  /** The part of the time in which the event loop was idle: other tasks could have run. */
  readonly yieldingShare: number
  /** Of each makespan. */
  readonly tasks: number
  readonly cores: number
  /** How often the function was called in all. */
  readonly calls: number
  /** The race; null if a call takes too long for the budget. */
  readonly result: Result | null
  /** The budget that a race would probably need; null if there was one. */
  readonly budgetNeededMs: number | null
  /** What predictions are made from; null where the machine was not calibrated. */
  readonly forecastable: Forecastable | null
}

/** What is worth knowing beside the diagnosis, each a sentence. */
export function notesOn(found: DiagnosedFunction): string[] {
  const { isRepeatable, keepsInput, parameters, inputs, calls, result, diagnosis, yieldingShare } = found
  const failed = result?.cells.filter(({ error }) => error !== null) ?? []
  const skipped = result?.skipped ?? []
  const others = [
    ...(parameters > 1
      ? [`The function declares ${formatCount(parameters, 'parameter')}; a task gets one, the input.`]
      : []),
    ...(isRepeatable === false
      ? ['Two calls with the same input gave different results, so results were not compared.']
      : []),
    ...(isRepeatable === null
      ? ['What it returns cannot be compared, and perhaps not be sent back from a worker either.']
      : []),
    ...(keepsInput
      ? []
      : [
          'It changes its input, so that later calls on the same thread see another one; a worker gets a copy.',
        ]),
    ...(waitForOneAnother(diagnosis, yieldingShare, result)
      ? [
          'On the event loop the calls took as long together as one after the other, though none of them holds the thread: they wait for one another, as for a lock or a connection that they share. Each worker has a lock of its own: use several only if what it guards may be used at once.',
        ]
      : []),
    ...failed.map(
      ({ executor, error }) =>
        `Under ${executor} it failed: ${error?.name}: ${error?.message}${error?.location === undefined ? '' : ` (${error.location})`}`,
    ),
    ...skipped.map(({ executor, reason }) => `${executor ?? 'A part'} was skipped: ${reason}.`),
  ]
  return [
    `It was called ${calls === 1 ? 'once' : `${calls.toLocaleString('en-US')} times`}${inputs.length > 1 ? `, with ${formatCount(inputs.length, 'input')} in turn` : ''}: what it does besides returning happened as often.`,
    ...others,
    ...new Set(result?.warnings ?? []),
    ...new Set(result?.verdicts.flatMap(({ warnings }) => warnings) ?? []),
  ]
}
