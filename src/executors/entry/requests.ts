/** The requests of a worker: what was sent and not begun yet, and what is in flight. */

import type { TaskNotFoundError } from '../../errors.ts'
import { encodeNotFound } from '../protocol.ts'
import type { RunRequest } from '../protocol.ts'
import { importTask, lookUpTask } from '../resolve.ts'
import type { TaskImplementation } from '../resolve.ts'
import { Answer, rejectAll } from './answer.ts'
import type { Borrower } from './borrower.ts'
import { openRequest } from './borrowings.ts'
import type { LendingPort, ReplyPort } from './reply-port.ts'

/** A task reference, as it came over the transport. */
export interface Named {
  readonly url: string
  readonly exportName: string
}

const unknownTask: Named = { url: 'unknown:', exportName: 'unknown' }

/** Returns what to wait for, if anything. */
function run(port: LendingPort, request: RunRequest, task: Named = unknownTask): Promise<void> | undefined {
  const implementation = lookUpTask(task.url, task.exportName)
  if (implementation === undefined) return importAndRun(port, request, task)
  return new Answer(port, request, implementation).run()
}

async function importAndRun(port: LendingPort, request: RunRequest, task: Named): Promise<void> {
  let implementation: TaskImplementation
  try {
    implementation = await importFor(port, task)
  } catch (error) {
    return rejectAll(port, request, encodeNotFound(error as TaskNotFoundError, port.clone))
  }
  return new Answer(port, request, implementation).run()
}

/** Imports a task, and tells that it is being read. */
export function importFor(port: ReplyPort, { url, exportName }: Named): Promise<TaskImplementation> {
  const imported = importTask(url, exportName)
  port.onImport?.()
  return imported
}

/** What was sent and not begun yet, and what is in flight. */
export class Requests {
  slots = 1
  readonly #port: LendingPort
  readonly #tasks = new Map<number, Named>()
  #waiting: RunRequest[] = []
  /** Of those waiting, the next one. */
  #next = 0
  /** So many of those waiting need no claim. */
  #certain = 0
  #inFlight = 0
  #isBeginning = false

  constructor(port: LendingPort) {
    this.#port = port
  }

  define(number: number, task: Named): void {
    this.#tasks.set(number, task)
  }

  add(request: RunRequest): void {
    this.#waiting.push(request)
    this.#begin()
  }

  /** What was not taken back will begin, whatever comes. */
  resume(takenBackFrom: number, id: number): void {
    this.#waiting = this.#waiting.slice(this.#next).filter((request) => request[1] < takenBackFrom)
    this.#next = 0
    this.#certain = this.#waiting.length
    this.#port.borrowings.closeFrom(takenBackFrom)
    this.#port.claims.resume(id)
  }

  #begin(): void {
    if (this.#isBeginning) return
    this.#isBeginning = true
    while (this.#inFlight < this.slots && this.#next < this.#waiting.length) {
      const request = this.#waiting[this.#next] as RunRequest
      // Taken back; what comes next is `resume`.
      if (this.#certain > 0) this.#certain--
      else if (!this.#port.claims.begin(request[1])) break
      this.#next++
      if (this.#next === this.#waiting.length) {
        this.#waiting = []
        this.#next = 0
      }
      this.#inFlight++
      const pending = this.#port.borrowings.areAny
        ? this.#runBorrowing(request)
        : run(this.#port, request, this.#tasks.get(request[2]))
      if (pending === undefined) this.#inFlight--
      else void pending.then(this.#onSettled)
    }
    this.#isBeginning = false
  }

  /** What a request has of `SharedBytes` is opened only now, and used until it has settled. */
  #runBorrowing(request: RunRequest): Promise<void> | undefined {
    const { borrowings } = this.#port
    const id = request[1]
    const secret = borrowings.secretOf(id)
    if (secret === undefined) return run(this.#port, request, this.#tasks.get(request[2]))
    const { borrower } = borrowings
    const pending =
      borrower === undefined
        ? borrowings.load().then((loaded) => this.#runOpened(loaded, request, secret))
        : this.#runOpened(borrower, request, secret)
    if (pending !== undefined) return pending.then(() => borrowings.close(id))
    borrowings.close(id)
    return undefined
  }

  #runOpened(borrower: Borrower, request: RunRequest, secret: string): Promise<void> | undefined {
    const failure = openRequest(borrower, request, secret)
    if (failure !== undefined) return rejectAll(this.#port, request, failure)
    return run(this.#port, request, this.#tasks.get(request[2]))
  }

  readonly #onSettled = (): void => {
    this.#inFlight--
    this.#begin()
  }
}
