/** `map`: reads inputs ahead within a window, submits them in chunks, yields outputs in input order. */

import { isOk, noOutcomes } from './outcomes.ts'
import type { Outcomes } from './outcomes.ts'
import type { Submission } from './submission.ts'

/** What `map` needs of an executor. */
export interface ChunkTarget {
  submitChunk(inputs: readonly unknown[]): Submission
  /** Submits inputs that are cut into chunks only when they start; each chunk is told, in order. */
  submitUncut(inputs: readonly unknown[], onCut: (chunk: Submission) => void): Submission
  /** Cancels what has not started. */
  withdraw(submissions: Iterable<Submission>): void
  /** How many inputs are to travel together now. */
  chunkSize(): number
}

export interface MapLimits {
  /** Chunks that may be read ahead of what was yielded. */
  readonly window: number
}

type Source = Iterable<unknown> | AsyncIterable<unknown>
type SourceIterator = Iterator<unknown> | AsyncIterator<unknown>

function isAsync(inputs: Source): inputs is AsyncIterable<unknown> {
  return Symbol.asyncIterator in inputs
}

/** The outputs of one `map`; reading starts at construction, as in `concurrent.futures`. */
export class MapOutputs<Output> implements AsyncIterableIterator<Output> {
  readonly #target: ChunkTarget
  readonly #window: number
  readonly #source: SourceIterator
  /** By number; a queue that is quick to leave at the front. */
  readonly #chunks = new Map<number, Submission>()
  /** What is still to be cut. */
  #uncut: Submission | undefined
  #submitted = 0
  #yielded = 0
  #ended = false
  #sourceError: { readonly error: unknown } | undefined
  #wakeReader: (() => void) | undefined
  #wakeConsumer: (() => void) | undefined
  /** The outcomes of the chunk at hand, and which of them is next. */
  #outcomes = noOutcomes
  #next = 0
  /** Calls of `next` that wait, one after the other. */
  #turn: Promise<unknown> | undefined
  #isDone = false

  /** `uncut`: all inputs are submitted at once, and cut into chunks when they start. */
  constructor(target: ChunkTarget, inputs: Source, limits: MapLimits | 'uncut') {
    this.#target = target
    this.#window = limits === 'uncut' ? Infinity : limits.window
    this.#source = isAsync(inputs) ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]()
    if (limits === 'uncut') this.#submitUncut([...(inputs as Iterable<unknown>)])
    else void this.#readAhead(isAsync(inputs))
  }

  next(): Promise<IteratorResult<Output, undefined>> {
    // Nearly always, so without any waiting: a promise that is settled costs little.
    const { values, areOk } = this.#outcomes
    if (this.#turn === undefined && areOk === null && this.#next < values.length)
      return Promise.resolve({ done: false, value: values[this.#next++] as Output })
    return this.#pullInTurn()
  }

  return(): Promise<IteratorResult<Output, undefined>> {
    const closed = this.#close()
    return this.#inTurn(async () => {
      this.#isDone = true
      this.#outcomes = noOutcomes
      this.#next = 0
      await closed
      return { done: true, value: undefined }
    })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #pullInTurn(): Promise<IteratorResult<Output, undefined>> {
    return this.#inTurn(() => this.#pull())
  }

  #inTurn(
    step: () => Promise<IteratorResult<Output, undefined>>,
  ): Promise<IteratorResult<Output, undefined>> {
    const stepped = this.#turn === undefined ? step() : this.#turn.then(step, step)
    const turn = stepped.finally(() => {
      if (this.#turn === turn) this.#turn = undefined
    })
    turn.catch(() => {})
    this.#turn = turn
    return stepped
  }

  /** The next output, once it is there. */
  async #pull(): Promise<IteratorResult<Output, undefined>> {
    try {
      while (!this.#isDone && this.#next === this.#outcomes.values.length)
        if (!(await this.#takeChunk())) {
          this.#isDone = true
          if (this.#sourceError !== undefined) throw this.#sourceError.error
          await this.#close()
        }
      if (this.#isDone) return { done: true, value: undefined }
      const index = this.#next++
      const value = this.#outcomes.values[index]
      if (!isOk(this.#outcomes, index)) throw value
      return { done: false, value: value as Output }
    } catch (error) {
      this.#isDone = true
      await this.#close()
      throw error
    }
  }

  /** Makes the next chunk's outcomes those at hand; false if there is none. */
  async #takeChunk(): Promise<boolean> {
    if (this.#outcomes !== noOutcomes) {
      this.#outcomes = noOutcomes
      this.#next = 0
      this.#chunks.delete(this.#yielded++)
      this.#wakeReader?.()
    }
    while (!this.#chunks.has(this.#yielded) && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve
      })
    const chunk = this.#chunks.get(this.#yielded)
    if (chunk === undefined) return false
    this.#outcomes = (await chunk.promise) as Outcomes
    return true
  }

  /** Runs without a pause until the window is full, so that an array is submitted before `map` returns. */
  async #readAhead(isAsyncSource: boolean): Promise<void> {
    let inputs: unknown[] = []
    let chunkSize = this.#target.chunkSize()
    try {
      for (;;) {
        while (this.#chunks.size >= this.#window && !this.#ended) await this.#room()
        if (this.#ended) return
        const step = this.#source.next()
        const { done, value } = isAsyncSource ? await step : (step as IteratorResult<unknown>)
        if (this.#ended || done === true) break
        inputs.push(value)
        if (inputs.length === chunkSize) {
          this.#add(this.#target.submitChunk(inputs))
          inputs = []
          // No more than twice as many at once: what is read ahead is not to grow by leaps.
          chunkSize = Math.min(this.#target.chunkSize(), Math.max(2 * chunkSize, chunkSize))
        }
      }
    } catch (error) {
      this.#sourceError = { error }
    }
    if (this.#ended) return
    if (inputs.length > 0) this.#add(this.#target.submitChunk(inputs))
    this.#end()
  }

  #submitUncut(inputs: readonly unknown[]): void {
    if (inputs.length === 0) {
      this.#ended = true
      return
    }
    this.#uncut = this.#target.submitUncut(inputs, (chunk) => this.#add(chunk))
    // It settles when its last input has been cut off, or is rejected with all that is left.
    this.#uncut.promise.then(
      () => this.#end(),
      (error: unknown) => {
        if (this.#ended) return
        this.#sourceError = { error }
        this.#end()
      },
    )
  }

  #add(chunk: Submission): void {
    chunk.expectRejection()
    this.#chunks.set(this.#submitted++, chunk)
    this.#wakeConsumer?.()
  }

  #end(): void {
    this.#uncut = undefined
    this.#ended = true
    this.#wakeConsumer?.()
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve
    })
  }

  /** Cancels what has not started and closes the source, unless it has ended by itself. */
  async #close(): Promise<void> {
    const isOpen = !this.#ended && this.#uncut === undefined
    this.#ended = true
    this.#withdraw()
    this.#wakeReader?.()
    this.#wakeConsumer?.()
    if (isOpen) await this.#source.return?.()
  }

  #withdraw(): void {
    const chunks = [...this.#chunks.values()]
    this.#chunks.clear()
    this.#target.withdraw(this.#uncut === undefined ? chunks : [this.#uncut, ...chunks])
    this.#uncut = undefined
  }
}
