/** A private temporary folder for what a workload makes, so that a crash leaves nothing behind. */

import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownerOf, temporaryPrefix } from '../temporary-prefix.ts'
import { isRunning } from './process-life.ts'

export interface TemporaryFolder {
  /** This process's variables, with the folder as the place for temporary files. */
  readonly environment: NodeJS.ProcessEnv
  /** Rejects if something in it cannot be removed. */
  remove(): Promise<void>
}

export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), temporaryPrefix()))
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

/**
 * Removes the temporary folders of processes that were killed: this user's only, and real folders (everybody can write
 * to the folder for temporary files). What cannot be removed stays.
 */
export function removeAbandonedFolders(folder: string = tmpdir()): void {
  try {
    for (const name of readdirSync(folder)) {
      const pid = ownerOf(name)
      if (pid === undefined || pid === process.pid) continue
      const path = join(folder, name)
      const found = lstatSync(path)
      const isOwn = process.getuid === undefined || found.uid === process.getuid()
      // Where the file system does not know when it was made, whoever has that id now may have made it.
      const madeAtMs = found.birthtimeMs > 0 ? found.birthtimeMs : Infinity
      if (found.isDirectory() && isOwn && !isRunning(pid, madeAtMs))
        rmSync(path, { recursive: true, force: true, maxRetries: 3 })
    }
  } catch {
    // Another boundby may be removing the same.
  }
}
