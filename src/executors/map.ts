/** `map`: reads inputs ahead within a window, submits them in chunks, yields outputs in input order. */

import type { Outcome, Submission } from './submission.ts'

/** What `map` needs of an executor. */
export interface ChunkTarget {
  submitChunk(inputs: readonly unknown[]): Submission
  /** Cancels a submission if it has not started. */
  withdraw(submission: Submission): void
}

export interface MapLimits {
  readonly chunkSize: number
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
  readonly #limits: MapLimits
  readonly #source: SourceIterator
  /** By number; a queue that is quick to leave at the front. */
  readonly #chunks = new Map<number, Submission>()
  #submitted = 0
  #yielded = 0
  readonly #outputs: AsyncGenerator<Output, undefined>
  #ended = false
  #sourceError: { readonly error: unknown } | undefined
  #wakeReader: (() => void) | undefined
  #wakeConsumer: (() => void) | undefined

  constructor(target: ChunkTarget, inputs: Source, limits: MapLimits) {
    this.#target = target
    this.#limits = limits
    this.#source = isAsync(inputs) ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]()
    this.#outputs = this.#yieldOutputs()
    void this.#readAhead(isAsync(inputs))
  }

  next(): Promise<IteratorResult<Output, undefined>> {
    return this.#outputs.next()
  }

  async return(): Promise<IteratorResult<Output, undefined>> {
    await this.#close()
    return this.#outputs.return(undefined)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Runs without a pause until the window is full, so that an array is submitted before `map` returns. */
  async #readAhead(isAsyncSource: boolean): Promise<void> {
    let inputs: unknown[] = []
    try {
      for (;;) {
        while (this.#chunks.size >= this.#limits.window && !this.#ended) await this.#room()
        if (this.#ended) return
        const step = this.#source.next()
        const { done, value } = isAsyncSource ? await step : (step as IteratorResult<unknown>)
        if (this.#ended || done === true) break
        inputs.push(value)
        if (inputs.length === this.#limits.chunkSize) {
          this.#submit(inputs)
          inputs = []
        }
      }
    } catch (error) {
      this.#sourceError = { error }
    }
    if (this.#ended) return
    if (inputs.length > 0) this.#submit(inputs)
    this.#ended = true
    this.#wakeConsumer?.()
  }

  #submit(inputs: readonly unknown[]): void {
    const chunk = this.#target.submitChunk(inputs)
    chunk.expectRejection()
    this.#chunks.set(this.#submitted++, chunk)
    this.#wakeConsumer?.()
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve
    })
  }

  async *#yieldOutputs(): AsyncGenerator<Output, undefined> {
    try {
      for (;;) {
        const chunk = this.#chunks.get(this.#yielded) ?? (await this.#nextChunk())
        if (chunk === undefined) break
        for (const { ok, value } of (await chunk.promise) as readonly Outcome[]) {
          if (!ok) throw value
          yield value as Output
        }
        this.#chunks.delete(this.#yielded++)
        this.#wakeReader?.()
      }
      if (this.#sourceError !== undefined) throw this.#sourceError.error
      return undefined
    } finally {
      await this.#close()
    }
  }

  async #nextChunk(): Promise<Submission | undefined> {
    while (this.#chunks.size === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve
      })
    return this.#chunks.get(this.#yielded)
  }

  /** Cancels what has not started and closes the source, unless it has ended by itself. */
  async #close(): Promise<void> {
    if (this.#ended) {
      this.#withdraw()
      return
    }
    this.#ended = true
    this.#withdraw()
    this.#wakeReader?.()
    this.#wakeConsumer?.()
    await this.#source.return?.()
  }

  #withdraw(): void {
    for (const chunk of this.#chunks.values()) this.#target.withdraw(chunk)
    this.#chunks.clear()
  }
}
