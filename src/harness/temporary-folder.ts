/** A private temporary folder for what a workload makes, so that a crash leaves nothing behind. */

import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder {
  /** This process's variables, with the folder as the place for temporary files. */
  readonly environment: NodeJS.ProcessEnv
  /** Rejects if something in it cannot be removed. */
  remove(): Promise<void>
}

export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'boundby-'))
  // For an end that waits for nobody, such as a second Ctrl-C.
  const removeNow = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', removeNow)
  return {
    environment: { ...process.env, TMPDIR: path, TMP: path, TEMP: path },
    async remove() {
      process.off('exit', removeNow)
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
