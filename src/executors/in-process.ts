/** Runs tasks on the calling thread, a bounded number at once; inputs and outputs pass by reference. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { threadId } from 'node:worker_threads'
import { BrokenExecutorError, NestedSubmitError } from '../errors.ts'
import type { ExecutorOptions, WorkerInfo } from './executor.ts'
import { QueueingExecutor } from './queueing-executor.ts'
import type { TaskTimes } from './observable-executor.ts'
import { importTask, lookUpTask } from './resolve.ts'
import type { TaskImplementation } from './resolve.ts'
import type { Outcome } from './outcomes.ts'
import type { Submission } from './submission.ts'

/** The submission that the current code runs for, across its awaits. */
const current = new AsyncLocalStorage<Submission>()

export abstract class InProcessExecutor extends QueueingExecutor {
  readonly #options: ExecutorOptions
  readonly #worker: WorkerInfo = Object.freeze({ pid: process.pid, threadId })
  readonly #active = new Set<Submission>()
  #initialized: Promise<void> | undefined
  #lanes = 0
  /** Lanes that have not looked into the queue yet. */
  #fresh = 0

  constructor(options: ExecutorOptions, maxWorkers: number) {
    super(options, maxWorkers, maxWorkers)
    this.#options = options
  }

  override get workers(): readonly WorkerInfo[] {
    return [this.#worker]
  }

  override async warmUp(): Promise<void> {
    await this.#initialize()
    const refusal = this.refusal()
    if (refusal !== undefined) throw refusal
  }

  protected override refusal(): Error | undefined {
    const submission = current.getStore()
    if (submission !== undefined && this.running >= this.maxWorkers && this.#active.has(submission))
      return new NestedSubmitError(
        'A task submitted to the executor that runs it, which has no free slot: it would wait for itself.',
      )
    return super.refusal()
  }

  /** A lane runs one task after the other; there are as many as tasks may be in flight. */
  protected override dispatch(): void {
    while (this.#lanes < this.maxWorkers && this.#fresh < this.queue.size) {
      this.#lanes++
      this.#fresh++
      void this.#runLane()
    }
  }

  /** What runs on this thread cannot be stopped: it keeps its slot until it ends by itself. */
  protected override interrupt(): void {}

  protected override release(): Promise<void> {
    return Promise.resolve()
  }

  protected override kill(): Promise<void> {
    return Promise.resolve()
  }

  protected override runningSubmissions(): Iterable<Submission> {
    return this.#active
  }

  async #runLane(): Promise<void> {
    await this.#initialize()
    this.#fresh--
    for (let next = this.start(); next !== undefined; next = this.start()) {
      this.#active.add(next)
      await this.#run(next)
      this.closeWhenIdle()
    }
    this.#lanes--
  }

  async #run(submission: Submission): Promise<void> {
    const { url, exportName } = submission.reference
    const times: TaskTimes[] | undefined = this.isTraced ? [] : undefined
    const values: unknown[] = []
    let areOk: boolean[] | null = null
    try {
      const implementation = lookUpTask(url, exportName) ?? (await importTask(url, exportName))
      for (const input of submission.takeInputs()) {
        if (submission.state === 'settled') break
        const startedAtNs = times === undefined ? 0n : process.hrtime.bigint()
        const outcome = call(implementation, input, submission)
        // Only where there is something to wait for: an await costs as much as all the rest.
        const { ok, value } = outcome instanceof Promise ? await outcome : outcome
        if (!ok) areOk ??= values.map(() => true)
        areOk?.push(ok)
        values.push(value)
        times?.push({ startedAtNs, endedAtNs: process.hrtime.bigint(), cpuNs: null, runQueueNs: null })
      }
      this.#active.delete(submission)
      const outcomes = { values, areOk }
      this.finish(submission, outcomes)
      if (times !== undefined) this.trace(submission, outcomes, this.#worker, times)
    } catch (error) {
      this.#active.delete(submission)
      this.fail(submission, error)
    }
  }

  #initialize(): Promise<void> | undefined {
    const { initializer, initializerInput } = this.#options
    if (initializer === undefined) return undefined
    this.#initialized ??= (async () => {
      try {
        const implementation = await importTask(initializer.url, initializer.exportName)
        await implementation(initializerInput)
      } catch (error) {
        this.break(new BrokenExecutorError('The initializer failed.', { cause: error }))
        this.closeWhenIdle()
      }
    })()
    return this.#initialized
  }
}

function call(
  implementation: TaskImplementation,
  input: unknown,
  submission: Submission,
): Outcome | Promise<Outcome> {
  try {
    const returned = current.run(submission, implementation, input)
    if (typeof returned !== 'object' || returned === null) return { ok: true, value: returned }
    return settlement(returned as PromiseLike<unknown>)
  } catch (error) {
    return { ok: false, value: error }
  }
}

async function settlement(output: PromiseLike<unknown>): Promise<Outcome> {
  try {
    return { ok: true, value: await output }
  } catch (error) {
    return { ok: false, value: error }
  }
}
