/** What counts as a slip of the keyboard. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceHint, nearest } from '#dist/nearest.js'

describe('nearest', () => {
  const choices = ['serial', 'event-loop', 'threads', 'processes']

  it('finds slips, other cases and beginnings', () => {
    expect(nearest('thread', choices)).toBe('threads')
    expect(nearest('eventloop', choices)).toBe('event-loop')
    expect(nearest('SERIAL', choices)).toBe('serial')
    expect(nearest('proc', choices)).toBe('processes')
  })

  it('has nothing to say of something else', () => {
    expect(nearest('python', choices)).toBeUndefined()
    expect(nearest('', choices)).toBeUndefined()
    expect(nearest('x', ['a', 'b'])).toBeUndefined()
    expect(nearest('x', [])).toBeUndefined()
  })

  it('finds a choice that is itself, and after one lost character of a long one', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 30 }), (choice) => {
        expect(nearest(choice, [choice])).toBe(choice)
        expect(nearest(choice.slice(1), [choice])).toBe(choice)
      }),
    )
  })
})

describe('choiceHint', () => {
  it('names the nearest, then all, but no endless list', () => {
    expect(choiceHint('b', ['bb', 'cc'])).toBe('Did you mean bb? Choose from bb, cc.')
    expect(
      choiceHint(
        'x',
        Array.from({ length: 50 }, (_, index) => `name-${index}`),
      ),
    ).toMatch(/name-19, ….$/u)
  })
})
