/**
 * Tells other boundbys on this machine that one is running, and finds them: a file each in the folder for temporary
 * files, named by process id. It keeps nobody from running.
 *
 * Everybody can write to that folder. So files are never opened but to be made anew (which follows no link), what is
 * in them is never read, and a name that somebody makes up can at most cause a warning.
 */

import { closeSync, lstatSync, openSync, readdirSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from './process-life.ts'

export interface Announcement extends Disposable {
  /** Other boundbys seen running now or when this one began, by process id, ascending. */
  otherPids(): readonly number[]
}

const fileName = (pid: number): string => `boundby-${pid}.lock`
const pattern = /^boundby-([1-9]\d{0,9})\.lock$/u
function quietly<Value>(act: () => Value): Value | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

/** More are not told of: a folder full of made-up names must not make a result of any size. */
const mostOthers = 1000

/** Other boundbys that are running, by process id, ascending; files of those that are gone are removed. */
export function findOtherBoundbys(folder: string = tmpdir()): number[] {
  const names = quietly(() => readdirSync(folder)) ?? []
  const pids = names.flatMap((name) => {
    const pid = Number(pattern.exec(name)?.[1])
    const path = join(folder, name)
    const file = Number.isInteger(pid) && pid !== process.pid ? quietly(() => lstatSync(path)) : undefined
    if (file?.isFile() !== true) return []
    if (isRunning(pid, file.mtimeMs)) return [pid]
    quietly(() => unlinkSync(path))
    return []
  })
  return pids.toSorted((a, b) => a - b).slice(0, mostOthers)
}

/** Announces this process until disposed of; where the file cannot be made it goes unannounced. */
export function announce(folder: string = tmpdir()): Announcement {
  const path = join(folder, fileName(process.pid))
  const seen = new Set(findOtherBoundbys(folder))
  const make = (): boolean =>
    quietly(() => {
      closeSync(openSync(path, 'wx', 0o600))
      return true
    }) ?? false
  // A file of this process's own id was left by another that is gone.
  const isOurs = make() || (quietly(() => unlinkSync(path)), make())
  const remove = (): void => {
    if (isOurs) quietly(() => unlinkSync(path))
  }
  // For an end that waits for nobody, such as a second Ctrl-C.
  process.once('exit', remove)
  return {
    otherPids() {
      for (const pid of findOtherBoundbys(folder)) seen.add(pid)
      return [...seen].toSorted((a, b) => a - b).slice(0, mostOthers)
    },
    [Symbol.dispose]() {
      process.off('exit', remove)
      remove()
    },
  }
}
