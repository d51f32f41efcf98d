/** What a worker has been sent, and what may be taken back from it: the book and the recalls, without a worker. */

import { describe, expect, it, vi } from 'vitest'
import { Recalls } from '#dist/executors/recalls.js'
import { SentBook } from '#dist/executors/sent-book.js'
import { Submission } from '#dist/executors/submission.js'
import { TaskProfile } from '#dist/executors/task-profile.js'
import { tasks } from './support.ts'

function filled(slots: number, count: number): { book: SentBook; submissions: Submission[] } {
  const book = new SentBook(slots)
  const profile = new TaskProfile(0, tasks.double)
  profile.note(2)
  const submissions = Array.from(
    { length: count },
    (_, index) => new Submission(tasks.double, [index], false),
  )
  for (const submission of submissions) {
    submission.state = 'running'
    book.add(submission, profile)
  }
  return { book, submissions }
}

describe('the book of a worker', () => {
  it('has tasks wait that find no slot, with their inputs', () => {
    const { book, submissions } = filled(1, 3)
    expect([book.runningCount, book.aheadCount, book.inputs, book.expectedMs]).toStrictEqual([1, 2, 3, 6])
    expect(submissions.map(({ state }) => state)).toStrictEqual(['running', 'ahead', 'ahead'])
    expect(submissions.map(({ inputs }) => inputs)).toStrictEqual([[], [1], [2]])
    expect(book.firstAhead?.submission).toBe(submissions[1])
  })

  it('expects less of what it has taken back, and nothing when all is settled', () => {
    const { book, submissions } = filled(1, 3)
    expect(book.takeBackFrom(1)).toStrictEqual(submissions.slice(1))
    expect([book.count, book.inputs, book.expectedMs]).toStrictEqual([1, 1, 2])
    const only = book.find(0)
    expect(only).toBeDefined()
    if (only !== undefined) book.settle(only)
    expect([book.count, book.inputs, book.expectedMs]).toStrictEqual([0, 1, 0])
  })

  it('returns what was not read once, and tells what had begun from what had not', () => {
    const { book, submissions } = filled(2, 4)
    expect(book.returnUnread(1, [1])).toBe(submissions[1])
    expect(book.returnUnread(3, [3])).toBeUndefined()
    const [, returned] = submissions
    if (returned !== undefined) book.add(returned, new TaskProfile(0, tasks.double))
    expect(book.returnUnread(4, [1])).toBeUndefined()
    expect(book.close()).toStrictEqual({
      lost: [submissions[0], submissions[1]],
      unstarted: submissions.slice(2),
    })
  })
})

describe('the recalls of a worker', () => {
  it('let nothing follow until a request after them has been answered', () => {
    const recalls = new Recalls(vi.fn())
    expect(recalls.canFollow).toBe(true)
    recalls.begin()
    expect([recalls.isUnderWay, recalls.canFollow]).toStrictEqual([true, false])
    recalls.end(5)
    recalls.note(4)
    expect([recalls.isUnderWay, recalls.canFollow]).toStrictEqual([false, false])
    expect(recalls.resume(8)).toStrictEqual([expect.any(Number), 5, 8])
    expect(recalls.resume(9)).toBeUndefined()
    recalls.note(4)
    expect(recalls.canFollow).toBe(false)
    recalls.note(8)
    expect(recalls.canFollow).toBe(true)
  })

  it('tell of a worker that does not answer', () => {
    vi.useFakeTimers()
    const onSilence = vi.fn<() => void>()
    const recalls = new Recalls(onSilence)
    recalls.begin()
    recalls.stop()
    vi.runAllTimers()
    expect(onSilence).not.toHaveBeenCalled()
    recalls.begin()
    vi.runAllTimers()
    expect(onSilence).toHaveBeenCalledOnce()
    vi.useRealTimers()
  })
})
