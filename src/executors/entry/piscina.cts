/**
 * What piscina loads in each thread. CommonJS, since piscina calls require() first, and ending a thread while Node 24
 * requires an ES module aborts the whole process (seen with 24.21, in CreateRequiredModuleFacade).
 */

import type { MessagePort } from 'node:worker_threads'

/** Hands our port to the thread's ES modules, and returns, so that the thread counts as idle for piscina. */
module.exports = async ({
  port,
  memory,
}: {
  port: MessagePort
  memory: SharedArrayBuffer
}): Promise<void> => {
  const { takePort } = await import('./thread.ts')
  takePort(port, memory)
}
