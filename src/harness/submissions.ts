/** How the inputs of a size reach an executor, and what that moves. */

import type { Executor } from '../executors/executor.ts'
import { executorTraits } from '../executors/registry.ts'
import type { LoadedWorkload } from '../workloads/load.ts'
import { buffersIn, transferableInputs } from './inputs.ts'
import { payloadOf } from './payload.ts'
import type { Payload } from './payload.ts'

export interface OpenExecutor {
  readonly id: string
  readonly executor: Executor
}

function isMoved({ workload }: LoadedWorkload, { id }: OpenExecutor): boolean {
  return workload.transfer === 'transfer' && executorTraits(id).sharesMemory
}

/** One submission a task; buffers that are to be moved are copied here, outside the measurement. */
export function submissionsOf(
  loaded: LoadedWorkload,
  target: OpenExecutor,
  inputs: readonly unknown[],
): (() => Promise<unknown>)[] {
  const { executor } = target
  const submit = executor.submit.bind(executor) as (...args: unknown[]) => Promise<unknown>
  const { task } = loaded
  if (!isMoved(loaded, target)) return inputs.map((input) => () => submit(task, input))
  return transferableInputs(inputs).map(
    ({ input, transfer }) =>
      () =>
        submit(task, input, { transfer }),
  )
}

/** What the inputs amount to on their way; null if they do not leave this thread, or cannot be sized. */
export function inputsPayload(
  loaded: LoadedWorkload,
  target: OpenExecutor,
  inputs: readonly unknown[],
): Payload | null {
  if (executorTraits(target.id).maxWorkersCounts !== 'workers') return null
  return payloadOf(inputs, isMoved(loaded, target) ? buffersIn : undefined)
}
