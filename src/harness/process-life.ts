/** Whether the process that left something behind is still running. */

import { readText } from '../executors/parallelism.ts'

/** The kernel tells the start of a process in ticks since its own, which is known to the second. */
const clockDoubtMs = 2000
const tickMs = 10

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

interface Life {
  /** Ended, but not yet waited for by its parent. */
  readonly hasEnded: boolean
  /** In ms since 1970. */
  readonly startedAtMs: number
}

/** What the kernel tells of a process; undefined where the system has no /proc. */
function lifeOf(pid: number): Life | undefined {
  const boot = /^btime (\d+)$/mu.exec(readText('/proc/stat') ?? '')?.[1]
  const text = readText(`/proc/${pid}/stat`)
  // Fields 3 and 22 of proc_pid_stat(5), counted from behind the name, which may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? []
  const [state, ticks] = [fields[0], fields[19]]
  if (boot === undefined || state === undefined || ticks === undefined) return undefined
  return { hasEnded: /[ZXx]/u.test(state), startedAtMs: Number(boot) * 1000 + Number(ticks) * tickMs }
}

/** Whether a process of this id was running at that time (in ms since 1970) and still is. */
export function isRunning(pid: number, atMs: number): boolean {
  if (!exists(pid)) return false
  const life = lifeOf(pid)
  // A process that began after that only has the same id.
  return life === undefined || (!life.hasEnded && life.startedAtMs <= atMs + clockDoubtMs)
}
