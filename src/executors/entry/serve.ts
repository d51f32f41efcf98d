/** The worker's side of a pool, whatever the transport: imports tasks, runs them in turn, answers. */

import type { TaskNotFoundError } from '../../errors.ts'
import { encodeNotFound, encodeRejection, outcomeKind, replyKind, requestKind } from '../protocol.ts'
import type { EncodedOutcome, Request, StartRequest } from '../protocol.ts'
import { Borrowings, openRequest } from './borrowings.ts'
import { call, chargeLateError } from './call.ts'
import type { ReplyPort } from './reply-port.ts'
import { importFor, Requests } from './requests.ts'
import type { Named } from './requests.ts'

/** Serves one pool through `port`; returns what handles its requests. */
export function serve(port: ReplyPort): (request: Request) => void {
  const onLateError = (error: unknown): void => {
    const isCharged = chargeLateError(error)
    void port.post([replyKind.lateError, ...(isCharged ? ([] as const) : encodeRejection(error, port.clone))])
  }
  process.on('uncaughtException', onLateError)
  process.on('unhandledRejection', onLateError)

  const borrowings = new Borrowings((reply) => port.post(reply))
  const requests = new Requests({ ...port, borrowings })
  const begin = (request: StartRequest): void => {
    requests.slots = request[1]
    void start(port, request)
  }
  return (request) => {
    if (request[0] === requestKind.run) requests.add(request)
    else if (request[0] === requestKind.define)
      requests.define(request[1], { url: request[2], exportName: request[3] })
    else if (request[0] === requestKind.resume) requests.resume(request[1], request[2])
    else if (request[0] === requestKind.start) begin(request)
    else if (request[0] === requestKind.forget) borrowings.forget(request[1])
    else if (request[0] === requestKind.listen) port.onListen?.()
    else if (request[0] === requestKind.leave) void leave()
    else if (request[2][0] === requestKind.run) {
      borrowings.note(request[2][1], request[1])
      requests.add(request[2])
    } else void openAndBegin(port, borrowings, request[2], request[1], begin)
  }
}

async function openAndBegin(
  port: ReplyPort,
  borrowings: Borrowings,
  request: StartRequest,
  secret: string,
  begin: (request: StartRequest) => void,
): Promise<void> {
  const failure = openRequest(await borrowings.load(), request, secret)
  if (failure === undefined) begin(request)
  else void port.post([replyKind.failed, ...failure])
}

async function start(port: ReplyPort, [, , url, exportName, initializerInput]: StartRequest): Promise<void> {
  if (url !== null && exportName !== null) {
    port.onInitializer?.()
    const outcome = await initialize(port, { url, exportName }, initializerInput)
    if (outcome[0] !== outcomeKind.fulfilled) {
      void port.post([replyKind.failed, ...outcome])
      return
    }
  }
  void port.post([replyKind.ready])
  port.onReady?.()
}

async function initialize(
  port: ReplyPort,
  { url, exportName }: Named,
  input: unknown,
): Promise<EncodedOutcome> {
  try {
    return await call(port, await importFor(port, { url, exportName }), input)
  } catch (error) {
    return encodeNotFound(error as TaskNotFoundError, port.clone)
  }
}

/** What was written must have arrived before the end, which is asynchronous for a thread's streams. */
async function leave(): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve())
    })
  process.exit(0)
}
