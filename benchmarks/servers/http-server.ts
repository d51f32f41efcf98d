/** Starts and stops the web server of the I/O workloads. */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A server that runs, as a workload's resource. */
export interface HttpServer {
  /** For example `http://127.0.0.1:40001`. */
  readonly origin: string
  readonly pid: number
}

const children = new Map<number, ChildProcess>()

/** Starts a server that answers with the file at `documentPath`, or else with a line. */
export async function startHttpServer(documentPath?: string): Promise<HttpServer> {
  const child = fork(
    fileURLToPath(new URL('http.mjs', import.meta.url)),
    documentPath === undefined ? [] : [documentPath],
    { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)))
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      reject(new Error(`The HTTP server ended before it listened (${signal ?? `exit code ${code}`}).`)),
    )
  })
  // Only `stopHttpServer` or the end of this process ends the server; it must not keep this process alive.
  child.unref()
  child.channel?.unref()
  const { pid } = child
  if (pid === undefined) throw new Error('The HTTP server has no process.')
  children.set(pid, child)
  return { origin: `http://127.0.0.1:${port}`, pid }
}

/** Resolves when the server, started by this process, is dead. */
export async function stopHttpServer({ pid }: HttpServer): Promise<void> {
  const child = children.get(pid)
  if (child === undefined) return
  children.delete(pid)
  child.ref()
  const exit = once(child, 'exit')
  child.kill()
  await exit
}
