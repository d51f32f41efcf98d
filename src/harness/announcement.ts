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
import { readText } from '../executors/parallelism.ts'

export interface Announcement extends Disposable {
  /** Other boundbys seen running now or when this one began, by process id, ascending. */
  otherPids(): readonly number[]
}

const fileName = (pid: number): string => `boundby-${pid}.lock`
const pattern = /^boundby-([1-9]\d{0,9})\.lock$/u
/** The kernel tells the start of a process in ticks since its own, which is known to the second. */
const clockDoubtMs = 2000
const tickMs = 10

function quietly<Value>(act: () => Value): Value | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process began, in ms since 1970; undefined where the system has no /proc. */
function startedAtMs(pid: number): number | undefined {
  const boot = /^btime (\d+)$/mu.exec(readText('/proc/stat') ?? '')?.[1]
  const text = readText(`/proc/${pid}/stat`)
  // Field 22 of proc_pid_stat(5), counted from behind the name, which may hold anything.
  const ticks = text?.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  return boot === undefined || ticks === undefined ? undefined : Number(boot) * 1000 + Number(ticks) * tickMs
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
    // A process that began after its file was made only has the same id.
    const isRunning = exists(pid) && (startedAtMs(pid) ?? 0) <= file.mtimeMs + clockDoubtMs
    if (isRunning) return [pid]
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
