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

/** When a process began, in ms since 1970; undefined where the system has no /proc. */
function startedAtMs(pid: number): number | undefined {
  const boot = /^btime (\d+)$/mu.exec(readText('/proc/stat') ?? '')?.[1]
  const text = readText(`/proc/${pid}/stat`)
  // Field 22 of proc_pid_stat(5), counted from behind the name, which may hold anything.
  const ticks = text?.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  return boot === undefined || ticks === undefined ? undefined : Number(boot) * 1000 + Number(ticks) * tickMs
}

/** Whether a process of this id was running at that time (in ms since 1970) and still is. */
export function isRunning(pid: number, atMs: number): boolean {
  // A process that began after that only has the same id.
  return exists(pid) && (startedAtMs(pid) ?? 0) <= atMs + clockDoubtMs
}
