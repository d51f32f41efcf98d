/**
 * A thread of each child process that does what the main thread cannot while it is spinning in a task: it ends the
 * process when the parent has died, and takes tasks back that the main thread has not begun.
 */

import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { workerData } from 'node:worker_threads'
import { Claims } from '../claims.ts'
import { lifelineFd, LifelineReader, lifelineWord } from '../lifeline.ts'

/** Time for a main thread that is not spinning to see the end by itself and run its exit handlers. */
const graceMs = 1000

const claims = new Claims(workerData as SharedArrayBuffer)
/** A socket that only the parent holds the other end of; the kernel closes it with the parent, however that ended. */
const lifeline = new Socket({ fd: lifelineFd, readable: true, writable: true })
const end = (): void => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs)
}
const tell = (id: number): void => {
  try {
    writeSync(lifelineFd, lifelineWord(id))
  } catch {
    // Nobody is there any more; the end comes by itself.
  }
}
const reader = new LifelineReader((id) => tell(claims.recall(id)))
lifeline.on('data', (bytes) => reader.read(bytes))
lifeline.on('close', end)
lifeline.on('error', () => {})
// Says that it is there.
tell(0)
