/** Folders for the files of a workload, which leave nothing behind. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a workload's `setup` made on disk. */
export interface TemporaryFolder {
  readonly folder: string
}

/** Makes a new folder and has `fill` make what belongs in it; if that fails, the folder is removed at once. */
export async function makeTemporaryFolder<Contents>(
  name: string,
  fill: (folder: string) => Promise<Contents> | Contents,
): Promise<TemporaryFolder & Contents> {
  const folder = await mkdtemp(join(tmpdir(), `boundby-${name}-`))
  try {
    return { folder, ...(await fill(folder)) }
  } catch (error) {
    await removeTemporaryFolder({ folder })
    throw error
  }
}

export async function removeTemporaryFolder({ folder }: TemporaryFolder): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}
