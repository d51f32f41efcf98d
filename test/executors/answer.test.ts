/** What a worker says of its own time, by which the pool decides what to send ahead. */

import { expect, it, vi } from 'vitest'
import { Claims } from '#dist/executors/claims.js'
import { Answer } from '#dist/executors/entry/answer.js'
import { Borrowings } from '#dist/executors/entry/borrowings.js'
import { requestKind } from '#dist/executors/protocol.js'
import type { Reply } from '#dist/executors/protocol.js'

it('counts what the task took and what its input and the last output took to move', () => {
  const clock = vi.spyOn(performance, 'now')
  let nowMs = 1000
  clock.mockImplementation(() => nowMs)
  const replies: Reply[] = []
  const post = (reply: Reply): undefined => {
    replies.push(reply)
  }
  const port = {
    post,
    takeTransferMs: () => 20,
    clone: structuredClone,
    claims: new Claims(),
    borrowings: new Borrowings(post),
  }
  void new Answer(port, [requestKind.run, 7, 0, false, 'input'], () => {
    nowMs += 3
  }).run()
  clock.mockRestore()
  expect(replies.map((reply) => reply.slice(1, 3))).toStrictEqual([[7, 23]])
})
