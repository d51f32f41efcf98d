/** A private temporary folder for what a workload makes, so that a crash leaves nothing behind. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder {
  /** This process's variables, with the folder as the place for temporary files. */
  readonly environment: NodeJS.ProcessEnv
  remove(): Promise<void>
}

export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'boundby-'))
  return {
    environment: { ...process.env, TMPDIR: path, TMP: path, TEMP: path },
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  }
}
