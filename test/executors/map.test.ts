/** The outputs of a `map` by themselves, on an executor that only takes chunks and leaves them to the test. */

import { describe, expect, it } from 'vitest'
import { MapOutputs } from '#dist/executors/map.js'
import type { ChunkTarget, MapLimits } from '#dist/executors/map.js'
import { noOutcomes } from '#dist/executors/outcomes.js'
import { Submission } from '#dist/executors/submission.js'
import { tasks } from './support.ts'

type Step = IteratorResult<unknown, undefined>

/** An executor that starts nothing by itself. */
class FakeTarget implements ChunkTarget {
  readonly chunks: Submission[] = []
  readonly withdrawn: Submission[][] = []
  uncut: Submission | undefined
  readonly #sizes: number[]

  /** `sizes`: how many inputs are to travel together, each time that is asked; the last one from then on. */
  constructor(...sizes: number[]) {
    this.#sizes = sizes
  }

  chunkSize(): number {
    const [size = 1] = this.#sizes
    if (this.#sizes.length > 1) this.#sizes.shift()
    return size
  }

  submitChunk(inputs: readonly unknown[]): Submission {
    const chunk = new Submission(tasks.echo, inputs, true)
    this.chunks.push(chunk)
    return chunk
  }

  submitUncut(inputs: readonly unknown[], onCut: (chunk: Submission) => void): Submission {
    const uncut = new Submission(tasks.echo, inputs, true)
    uncut.onCut = (chunk) => {
      this.chunks.push(chunk)
      onCut(chunk)
    }
    this.uncut = uncut
    return uncut
  }

  withdraw(submissions: Iterable<Submission>): void {
    this.withdrawn.push([...submissions])
  }

  get inputs(): readonly (readonly unknown[])[] {
    return this.chunks.map(({ inputs }) => inputs)
  }

  /** Has a chunk give its inputs as its outputs. */
  settle(index: number): void {
    const chunk = this.chunks[index]
    chunk?.settle({ values: chunk.inputs, areOk: null })
  }
}

/** A source that says what became of it. */
class Source implements IterableIterator<number> {
  read = 0
  returned = 0
  failsAt = Infinity
  readonly #length: number

  constructor(length = Infinity) {
    this.#length = length
  }

  next(): IteratorResult<number, undefined> {
    if (this.read === this.failsAt) throw new Error('source')
    return this.read < this.#length ? { done: false, value: this.read++ } : { done: true, value: undefined }
  }

  return(): IteratorResult<number, undefined> {
    this.returned++
    return { done: true, value: undefined }
  }

  [Symbol.iterator](): this {
    return this
  }
}

/** A source that is given its inputs by the test. */
class SlowSource implements AsyncIterableIterator<unknown> {
  give: (step: Step) => void = () => {}
  closing: Promise<unknown> = Promise.resolve()

  next(): Promise<Step> {
    return new Promise((resolve) => {
      this.give = resolve
    })
  }

  async return(): Promise<Step> {
    await this.closing
    return done
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

const done: Step = { done: true, value: undefined }
const output = (value: unknown): Step => ({ done: false, value })

function mapOver(
  target: FakeTarget,
  inputs: Iterable<unknown> | AsyncIterable<unknown>,
  limits: MapLimits | 'uncut' = { window: 2 },
): MapOutputs<unknown> {
  return new MapOutputs<unknown>(target, inputs, limits)
}

/** All that promises have to do is done. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('a map that reads its inputs ahead', () => {
  it('reads as many chunks as its window holds, and one more for each that is used up', async () => {
    const target = new FakeTarget(2)
    const outputs = mapOver(target, new Source())
    expect(target.inputs).toStrictEqual([
      [0, 1],
      [2, 3],
    ])
    target.settle(0)
    expect([await outputs.next(), await outputs.next()]).toStrictEqual([output(0), output(1)])
    await quiet()
    expect(target.chunks).toHaveLength(2)
    const third = outputs.next()
    await quiet()
    expect(target.inputs.slice(2)).toStrictEqual([[4, 5]])
    target.settle(1)
    expect(await third).toStrictEqual(output(2))
  })

  it('at most doubles the size of its chunks', () => {
    const target = new FakeTarget(1, 9)
    mapOver(target, new Source(20), { window: Infinity })
    expect(target.inputs.map(({ length }) => length)).toStrictEqual([1, 2, 4, 8, 5])
  })

  it('answers calls of next in turn, however the chunks end', async () => {
    const target = new FakeTarget()
    const outputs = mapOver(target, new Source(2))
    const steps = [outputs.next(), outputs.next(), outputs.next()]
    target.settle(1)
    await quiet()
    target.settle(0)
    expect(await Promise.all(steps)).toStrictEqual([output(0), output(1), done])
    expect(await outputs.next()).toStrictEqual(done)
  })

  it('waits for a source that is slower than the tasks', async () => {
    const target = new FakeTarget()
    const source = new SlowSource()
    const outputs = mapOver(target, source)
    const steps = [outputs.next(), outputs.next()]
    source.give(output('late'))
    await quiet()
    target.settle(0)
    expect(await steps[0]).toStrictEqual(output('late'))
    source.give(done)
    expect(await steps[1]).toStrictEqual(done)
  })

  it('cancels what it has and closes its source once when it is left', async () => {
    const target = new FakeTarget()
    const source = new Source()
    const outputs = mapOver(target, source)
    target.settle(0)
    expect(await outputs.next()).toStrictEqual(output(0))
    const left = outputs.return()
    expect(target.withdrawn).toStrictEqual([target.chunks])
    expect([await left, await outputs.return(), await outputs.next()]).toStrictEqual([done, done, done])
    expect([source.read, source.returned]).toStrictEqual([2, 1])
  })

  it('gives nothing more once it is left, neither of the chunk at hand nor the error of its source', async () => {
    const target = new FakeTarget(2)
    const source = new Source()
    source.failsAt = 3
    const outputs = mapOver(target, source)
    target.settle(0)
    expect(await outputs.next()).toStrictEqual(output(0))
    expect(await outputs.return()).toStrictEqual(done)
    expect(await outputs.next()).toStrictEqual(done)
  })

  it('keeps the turns of those who call before an output is there', async () => {
    const target = new FakeTarget(2)
    const outputs = mapOver(target, new Source())
    const first = outputs.next()
    target.settle(0)
    // Its turn is not over yet when the chunk is there.
    const rest = target.chunks[0]?.promise.then(() => [outputs.next(), outputs.next()])
    expect(await first).toStrictEqual(output(0))
    target.settle(1)
    expect(await Promise.all((await rest) ?? [])).toStrictEqual([output(1), output(2)])
  })

  it('reads no further when it is left as room is made', async () => {
    const target = new FakeTarget()
    const source = new Source()
    const outputs = mapOver(target, source)
    target.settle(0)
    await outputs.next()
    const waiting = outputs.next()
    const left = outputs.return()
    target.settle(1)
    await Promise.all([waiting, left])
    await quiet()
    expect([source.read, target.chunks.length]).toStrictEqual([2, 2])
  })

  it('ends for those who wait for its source when it is left, and submits nothing that comes later', async () => {
    const target = new FakeTarget(2)
    const source = new SlowSource()
    const outputs = mapOver(target, source)
    source.give(output('first of a chunk'))
    await quiet()
    const waiting = outputs.next()
    const left = outputs.return()
    expect(await Promise.all([waiting, left])).toStrictEqual([done, done])
    source.give(output('late'))
    await quiet()
    expect(target.chunks).toStrictEqual([])
    expect(await outputs.next()).toStrictEqual(done)
  })

  it('is left only when its source is closed', async () => {
    const source = new SlowSource()
    const outputs = mapOver(new FakeTarget(), source)
    source.closing = Promise.reject(new Error('cannot be closed'))
    await expect(outputs.return()).rejects.toThrow('cannot be closed')
    expect(await outputs.next()).toStrictEqual(done)
  })

  it('throws the error of a task once, and gives up the rest', async () => {
    const target = new FakeTarget(2)
    const source = new Source()
    const outputs = mapOver(target, source)
    target.chunks[0]?.settle({ values: [0, new Error('bad')], areOk: [true, false] })
    expect(await outputs.next()).toStrictEqual(output(0))
    await expect(outputs.next()).rejects.toThrow('bad')
    expect(target.withdrawn).toStrictEqual([target.chunks])
    expect(source.returned).toBe(1)
    expect(await outputs.next()).toStrictEqual(done)
  })

  it('throws the error of a chunk to who waits, and has those behind end', async () => {
    const target = new FakeTarget()
    const outputs = mapOver(target, new Source())
    const steps = [outputs.next(), outputs.next()]
    target.chunks[0]?.reject(new Error('lost'))
    target.settle(1)
    await expect(steps[0]).rejects.toThrow('lost')
    expect(await steps[1]).toStrictEqual(done)
  })

  it("throws its source's error after all outputs before it, and does not close it", async () => {
    const target = new FakeTarget(2)
    const source = new Source()
    source.failsAt = 3
    const outputs = mapOver(target, source)
    target.settle(0)
    target.settle(1)
    const steps = [await outputs.next(), await outputs.next(), await outputs.next()]
    expect(steps).toStrictEqual([output(0), output(1), output(2)])
    await expect(outputs.next()).rejects.toThrow('source')
    expect(await outputs.next()).toStrictEqual(done)
    expect(source.returned).toBe(0)
  })

  it('does not close a source that has come to its end', async () => {
    const target = new FakeTarget()
    const source = new Source(1)
    const outputs = mapOver(target, source)
    target.settle(0)
    expect([await outputs.next(), await outputs.next()]).toStrictEqual([output(0), done])
    expect(source.returned).toBe(0)
  })
})

describe('a map whose inputs are cut when they start', () => {
  it('submits all at once, and gives the outputs of each chunk as it is cut', async () => {
    const target = new FakeTarget()
    const outputs = mapOver(target, [1, 2, 3], 'uncut')
    const step = outputs.next()
    target.uncut?.cut(2)
    target.settle(0)
    expect(await step).toStrictEqual(output(1))
    target.uncut?.cut(1)
    target.uncut?.settle(noOutcomes)
    target.settle(1)
    const rest = [await outputs.next(), await outputs.next(), await outputs.next()]
    expect(rest).toStrictEqual([output(2), output(3), done])
  })

  it('submits nothing of no inputs', async () => {
    const target = new FakeTarget()
    const outputs = mapOver(target, [], 'uncut')
    expect(await outputs.next()).toStrictEqual(done)
    expect(target.uncut).toBeUndefined()
  })

  it('cancels what is not cut with what is', async () => {
    const target = new FakeTarget()
    const outputs = mapOver(target, [1, 2], 'uncut')
    target.uncut?.cut(1)
    const left = outputs.return()
    expect(target.withdrawn).toStrictEqual([[target.uncut, ...target.chunks]])
    target.uncut?.reject(new Error('withdrawn'))
    expect(await left).toStrictEqual(done)
    expect(await outputs.next()).toStrictEqual(done)
    await outputs.return()
    expect(target.withdrawn.at(-1)).toStrictEqual([])
  })

  it('cancels only chunks when all is cut', async () => {
    const target = new FakeTarget()
    const outputs = mapOver(target, [1, 2], 'uncut')
    target.uncut?.cut(2)
    target.uncut?.settle(noOutcomes)
    await quiet()
    await outputs.return()
    expect(target.withdrawn).toStrictEqual([target.chunks])
  })

  it('throws what the rest is rejected with after the outputs of what was cut', async () => {
    const target = new FakeTarget()
    const outputs = mapOver(target, [1, 2], 'uncut')
    target.uncut?.cut(1)
    target.uncut?.reject(new Error('shut down'))
    const [first, second] = [outputs.next(), outputs.next()]
    target.settle(0)
    expect(await first).toStrictEqual(output(1))
    await expect(second).rejects.toThrow('shut down')
    expect(await outputs.next()).toStrictEqual(done)
  })
})
