/** Errors of a task as text: message, causes, and the author's line. */
import { describe, expect, it } from 'vitest'
import { locationIn, toRemoteError } from '#dist/harness/remote-error.js'

describe('toRemoteError', () => {
  it('tells the chain of causes', () => {
    const error = new TypeError('outer', { cause: new RangeError('inner', { cause: 'root' }) })
    expect(toRemoteError(error)).toMatchObject({
      name: 'TypeError',
      message: "outer; caused by RangeError: inner; caused by thrown value: 'root'",
    })
  })

  it('reads what is no error, what is circular, and what resists', () => {
    expect(toRemoteError(null).message).toBe('null')
    const loop = new Error('loop')
    loop.cause = loop
    expect(toRemoteError(loop).message).toBe('loop')
    const hostile = new Error('x')
    Object.defineProperty(hostile, 'message', {
      get: () => {
        throw new Error('no')
      },
    })
    expect(toRemoteError(hostile).message).toBe('an error that cannot be read')
  })

  it('bounds a message', () => {
    expect(toRemoteError(new Error('x'.repeat(1e6))).message.length).toBeLessThanOrEqual(2000)
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
    expect(locationIn('Error: boom')).toBeNull()
  })
})
