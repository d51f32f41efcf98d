/** What is gathered for a worker, and when it is sent, on a connection that only writes down what it is told. */

import { describe, expect, it } from 'vitest'
import { Lender } from '#dist/executors/lender.js'
import { Outbox } from '#dist/executors/outbox.js'
import { requestKind } from '#dist/executors/protocol.js'
import type { Request } from '#dist/executors/protocol.js'
import { Submission } from '#dist/executors/submission.js'
import { TaskProfile } from '#dist/executors/task-profile.js'
import type { WorkerConnection } from '#dist/executors/worker-connection.js'
import { tasks } from './support.ts'

/** The kinds of the requests, by what was sent at once. */
function connected(): { connection: WorkerConnection; sent: number[][] } {
  const sent: number[][] = []
  let gathered: number[] = []
  const connection: WorkerConnection = {
    info: { pid: 0, threadId: 0 },
    canRecall: true,
    takesMore: true,
    clone() {},
    send(request: Request) {
      structuredClone(request)
      gathered.push(request[0])
    },
    flush() {
      sent.push(gathered)
      gathered = []
    },
    recall() {},
    hold() {},
    kill() {},
  }
  return { connection, sent }
}

const profile = new TaskProfile(0, tasks.double)
const { define, run } = requestKind

function submission(input: unknown): Submission {
  return new Submission(tasks.double, [input], false)
}

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('the outbox of a worker', () => {
  it('sends what one turn gathers together, and says once what a task is', async () => {
    const { connection, sent } = connected()
    const outbox = new Outbox(connection, new Lender(connection), 1)
    for (const id of [0, 1]) {
      outbox.addRun(id, submission(id), profile, false)
      outbox.considerFlush(id + 1)
    }
    expect(sent).toStrictEqual([])
    await nextTurn()
    expect(sent).toStrictEqual([[define, run, run]])
    outbox.addRun(2, submission(2), profile, false)
    outbox.considerFlush(3)
    await nextTurn()
    expect(sent.slice(1)).toStrictEqual([[run]])
  })

  it('lets more gather while the worker has enough, and sends it when it has little', async () => {
    const { connection, sent } = connected()
    const outbox = new Outbox(connection, new Lender(connection), 1)
    const enough = 10
    for (let id = 0; id < enough; id++) outbox.addRun(id, submission(id), profile, false)
    outbox.flush()
    outbox.addRun(enough, submission(enough), profile, false)
    outbox.considerFlush(enough + 1)
    await nextTurn()
    expect(sent).toHaveLength(1)
    outbox.considerFlush(enough)
    await nextTurn()
    expect(sent.slice(1)).toStrictEqual([[run]])
  })

  it('does not count what cannot be cloned', async () => {
    const { connection, sent } = connected()
    const outbox = new Outbox(connection, new Lender(connection), 1)
    expect(() => outbox.addRun(0, submission(Symbol('uncloneable')), profile, false)).toThrow('cloned')
    outbox.considerFlush(0)
    await nextTurn()
    expect(sent).toStrictEqual([])
  })
})
