/** Temporary folders: removed by whoever made them, and by the next one where that was killed. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTemporaryFolder, removeAbandonedFolders } from '#dist/harness/temporary-folder.js'
import { ownerOf, temporaryPrefix } from '#dist/temporary-prefix.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundby-temporary-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('tells by its name who made it', async () => {
  const made = await makeTemporaryFolder()
  const path = made.environment['TMPDIR'] ?? ''
  expect(ownerOf(basename(path))).toBe(process.pid)
  writeFileSync(join(path, 'file'), '')
  await made.remove()
  expect(existsSync(path)).toBe(false)
})

const nameOf = (pid: number): string => `${temporaryPrefix().replace(String(process.pid), String(pid))}abc123`

it('takes away what a killed process left, and nothing else', () => {
  const gonePid = spawnSync(process.execPath, ['-e', '']).pid
  const gone = nameOf(gonePid)
  mkdirSync(join(folder, gone, 'deep'), { recursive: true })
  writeFileSync(join(folder, gone, 'deep', 'file'), '')
  const kept = [
    // Still running, or of another container, or of somebody who only calls it alike.
    nameOf(process.ppid),
    nameOf(process.pid),
    `boundby-${gonePid}-99-abc123`,
    `boundby-${gonePid}-abc123`,
    `boundby-cli-abc123`,
  ]
  for (const name of kept) mkdirSync(join(folder, name))
  const link = nameOf(gonePid).replace('abc123', 'link01')
  symlinkSync(folder, join(folder, link))
  removeAbandonedFolders(folder)
  expect(readdirSync(folder).toSorted()).toEqual([...kept, link].toSorted())
})

it('does not mind a place that is not there', () => {
  expect(() => removeAbandonedFolders(join(folder, 'none'))).not.toThrow()
})
