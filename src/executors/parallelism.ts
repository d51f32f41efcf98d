/** How many workers this process can keep busy: the cores it may use, bounded by its container's CPU quota. */

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'

/** Gives the text of a file, or undefined if it cannot be read. */
export type ReadText = (path: string) => string | undefined

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function share(quota: string | undefined, period: string | undefined): number {
  const cpus = Number(quota) / Number(period)
  return Number.isFinite(cpus) && cpus > 0 ? cpus : Infinity
}

/** The least quota from a cgroup up to the root, in CPUs: a parent's limit binds its children. */
function leastOf(mount: string, group: string, quotaOf: (directory: string) => number): number {
  let cpus = Infinity
  for (let path = group; ; path = dirname(path)) {
    cpus = Math.min(cpus, quotaOf(join(mount, path)))
    if (path === '/' || path === '.') return cpus
  }
}

/**
 * The CPU quota of this process's control group, in CPUs (1.5 is one and a half), or null if there is none.
 * Reads version 2 (`cpu.max`) and version 1 (`cpu.cfs_quota_us`); see cgroups(7) and the kernel's cgroup-v2.rst.
 */
export function readCpuQuota(read: ReadText = readText): number | null {
  let cpus = Infinity
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/u.exec(line) ?? []
    if (controllers === undefined || group === undefined) continue
    if (controllers === '') {
      const quota = leastOf('/sys/fs/cgroup', group, (directory) =>
        share(...((read(join(directory, 'cpu.max')) ?? '').trim().split(' ') as [string?, string?])),
      )
      cpus = Math.min(cpus, quota)
    } else if (controllers.split(',').includes('cpu')) {
      const quota = leastOf('/sys/fs/cgroup/cpu', group, (directory) =>
        share(read(join(directory, 'cpu.cfs_quota_us')), read(join(directory, 'cpu.cfs_period_us'))),
      )
      cpus = Math.min(cpus, quota)
    }
  }
  return cpus === Infinity ? null : cpus
}

/** The default number of workers; a fraction of a CPU counts as one, since it can still be used. */
export function defaultParallelism(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(readCpuQuota() ?? Infinity)))
}
