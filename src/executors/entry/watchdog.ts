/**
 * A thread of each child process that ends it when the parent has died: the main thread may be spinning in a task,
 * and then never sees that its socket was closed.
 */

import { Socket } from 'node:net'

/** A pipe that only the parent holds open; the kernel closes it with the parent, however that ended. */
export const lifelineFd = 4

/** Time for a main thread that is not spinning to see the end by itself and run its exit handlers. */
const graceMs = 1000

const lifeline = new Socket({ fd: lifelineFd, readable: true, writable: false })
const end = (): void => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs)
}
lifeline.on('close', end)
lifeline.on('error', () => {})
lifeline.resume()
