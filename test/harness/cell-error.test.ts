/** Errors of a task as text: message, causes, and the author's line. */
import { describe, expect, it } from 'vitest'
import { locationIn, toCellError } from '#dist/harness/cell-error.js'

describe('toCellError', () => {
  it('tells the chain of causes', () => {
    const error = new TypeError('outer', { cause: new RangeError('inner', { cause: 'root' }) })
    expect(toCellError(error)).toMatchObject({
      name: 'TypeError',
      message: "outer; caused by RangeError: inner; caused by thrown value: 'root'",
    })
  })

  it('reads what is no error, what is circular, and what resists', () => {
    expect(toCellError(null).message).toBe('null')
    const loop = new Error('loop')
    loop.cause = loop
    expect(toCellError(loop).message).toBe('loop')
    const hostile = new Error('x')
    Object.defineProperty(hostile, 'message', {
      get: () => {
        throw new Error('no')
      },
    })
    expect(toCellError(hostile).message).toBe('an error that cannot be read')
  })

  it('says once what a wrapper repeats', () => {
    expect(toCellError(new Error('failed: no file', { cause: new Error('no file') })).message).toBe(
      'failed: no file',
    )
  })

  it('bounds a name and a message', () => {
    const long = new Error('m')
    long.name = 'n'.repeat(1e6)
    expect(toCellError(long).name.length).toBeLessThanOrEqual(200)
    expect(toCellError(new Error('x'.repeat(1e6))).message.length).toBeLessThanOrEqual(2000)
  })
})

describe('locationIn', () => {
  it("finds the author's innermost frame", () => {
    const stack = [
      'Error: boom',
      '    at parse (node:internal/x:1:1)',
      '    at helper (/home/u/node_modules/dep/index.js:3:4)',
      '    at task (/home/u/mine.ts:12:9)',
      '    at async serve (/x/dist/executors/entry/serve.js:5:6)',
    ].join('\n')
    expect(locationIn(stack)).toBe('mine.ts:12')
    expect(locationIn('Error\n    at file:///home/u/w.mts:7:1')).toBe('w.mts:7')
    expect(locationIn('Error: boom')).toBeUndefined()
  })
})
