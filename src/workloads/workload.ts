/** What a workload is, and `defineWorkload`, with which an author declares one. */

import type { TaskFunction } from '../executors/task.ts'
import { UsageError } from '../errors.ts'

/** What an author expects to bound the task. */
export type Hypothesis = 'cpu' | 'io' | 'mixed'

type InputOf<Task extends TaskFunction> = Task extends (input: infer Input) => unknown ? Input : never
type OutputOf<Task extends TaskFunction> = Awaited<ReturnType<Task>>

/** A task function with the inputs for each size; see docs in README, "Your own workload". */
export interface Workload<Task extends TaskFunction = TaskFunction, Resources = unknown> {
  /** Unique, lower case with hyphens. */
  readonly name: string
  /** One line for a human. */
  readonly summary: string
  /** Where the method or the data come from. */
  readonly source?: string
  readonly expects: Hypothesis
  /** Always `import.meta.url`. */
  readonly module: string
  /** A function that this module exports. */
  readonly task: Task
  /** Ascending scales of the data set. */
  readonly sizes: readonly number[]
  /** The sizes that the default suite races; all if left out, and none (the full suite only) if empty. */
  readonly defaultSizes?: readonly number[]
  /** Deterministic; one entry a task. */
  readonly inputs: (size: number, resources: Resources) => readonly InputOf<Task>[]
  /** Default: a stable hash of the outputs in order. */
  readonly checksum?: (outputs: readonly OutputOf<Task>[]) => string
  /**
   * Makes what the tasks need (server, files), in `os.tmpdir()` if on disk; structured-cloneable.
   * Throws `WorkloadUnavailableError` where this machine cannot have it.
   */
  readonly setup?: () => Promise<Resources> | Resources
  readonly teardown?: (resources: Resources) => Promise<void> | void
  /** How large binary inputs reach a thread (default `clone`). */
  readonly transfer?: 'clone' | 'transfer' | 'share'
}

const longestText = 300
const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/u

function reject(name: unknown, expectation: string, received: unknown): never {
  throw new UsageError(
    `Workload ${JSON.stringify(name) ?? 'without a name'}: expected ${expectation}, received ${JSON.stringify(received) ?? String(received)}.`,
  )
}

function checkSizes(name: string, option: string, sizes: readonly number[]): void {
  if (!Array.isArray(sizes) || sizes.some((size) => !Number.isFinite(size) || size <= 0))
    reject(name, `\`${option}\` to be an array of positive numbers`, sizes)
  if (sizes.some((size, index) => index > 0 && size <= (sizes[index - 1] ?? 0)))
    reject(name, `\`${option}\` to ascend`, sizes)
}

/**
 * Declares a workload; the module's default export.
 * @throws UsageError naming the field that is missing or malformed.
 */
export function defineWorkload<Task extends TaskFunction, Resources = undefined>(
  workload: Workload<Task, Resources>,
): Workload<Task, Resources> {
  const { name, summary, source, expects, module, task, sizes, defaultSizes, inputs, transfer } = workload
  if (typeof name !== 'string' || !namePattern.test(name))
    reject(name, '`name` to be lower-case letters, digits and hyphens, at most 64', name)
  if (typeof summary !== 'string' || summary === '' || summary.length > longestText)
    reject(name, `\`summary\` to be a line of text, at most ${longestText} characters`, summary)
  if (source !== undefined && (typeof source !== 'string' || source.length > longestText))
    reject(name, `\`source\` to be a line of text, at most ${longestText} characters`, source)
  if (!['cpu', 'io', 'mixed'].includes(expects))
    reject(name, "`expects` to be 'cpu', 'io' or 'mixed'", expects)
  if (typeof module !== 'string' || !URL.canParse(module))
    reject(name, '`module` to be `import.meta.url`', module)
  if (typeof task !== 'function') reject(name, '`task` to be an exported function', task)
  if (typeof inputs !== 'function') reject(name, '`inputs` to be a function of the size', inputs)
  checkSizes(name, 'sizes', sizes)
  if (sizes.length === 0) reject(name, '`sizes` to name at least one size', sizes)
  if (defaultSizes !== undefined) {
    checkSizes(name, 'defaultSizes', defaultSizes)
    const unknown = defaultSizes.find((size) => !sizes.includes(size))
    if (unknown !== undefined) reject(name, '`defaultSizes` to be among `sizes`', unknown)
  }
  if (transfer !== undefined && !['clone', 'transfer', 'share'].includes(transfer))
    reject(name, "`transfer` to be 'clone', 'transfer' or 'share'", transfer)
  return workload
}
