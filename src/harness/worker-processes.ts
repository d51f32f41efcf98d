/** What other processes have cost so far, as the kernel tells on Linux. */

import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of all living threads of some processes; null where the system does not tell. */
export function readCpuMs(pids: readonly number[]): number | null {
  let onCpuNs = 0
  try {
    for (const pid of pids)
      for (const tid of readdirSync(`/proc/${pid}/task`))
        onCpuNs += Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ')[0])
  } catch {
    return null
  }
  return onCpuNs / 1e6
}

/** The most memory that each of some processes has had resident, added up; null where the system does not tell. */
export function readPeakRssBytes(pids: readonly number[]): number | null {
  let kilobytes = 0
  try {
    for (const pid of pids) {
      const peak = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
      if (peak === undefined) return null
      kilobytes += Number(peak)
    }
  } catch {
    return null
  }
  return 1024 * kilobytes
}
