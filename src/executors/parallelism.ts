/** How many workers this process can keep busy: the cores it may use, bounded by its container's CPU quota. */

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'

/** Gives the text of a file, or undefined if it cannot be read. */
export type ReadText = (path: string) => string | undefined

/** The text of a file of the system, whole; undefined where there is none. */
export function readText(path: string): string | undefined {
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

/** A folder of files on this process's use of CPU. */
export interface CpuGroup {
  readonly version: 1 | 2
  readonly folder: string
}

/**
 * The control groups that bound this process's CPU use: its own and all above it, since a parent's limit binds its
 * children. See cgroups(7) and the kernel's cgroup-v2.rst.
 */
export function cpuGroups(read: ReadText = readText): readonly CpuGroup[] {
  const groups: CpuGroup[] = []
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/u.exec(line) ?? []
    if (controllers === undefined || group === undefined) continue
    const version = controllers === '' ? 2 : 1
    if (version === 1 && !controllers.split(',').includes('cpu')) continue
    const mount = version === 2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu'
    for (let path = group; ; path = dirname(path)) {
      groups.push({ version, folder: join(mount, path) })
      if (path === '/' || path === '.') break
    }
  }
  return groups
}

/**
 * The CPU quota of this process's control group, in CPUs (1.5 is one and a half), or null if there is none.
 * Reads version 2 (`cpu.max`) and version 1 (`cpu.cfs_quota_us`).
 */
export function readCpuQuota(read: ReadText = readText): number | null {
  const quotas = cpuGroups(read).map(({ version, folder }) =>
    version === 2
      ? share(...((read(join(folder, 'cpu.max')) ?? '').trim().split(' ') as [string?, string?]))
      : share(read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us'))),
  )
  const cpus = Math.min(...quotas)
  return cpus === Infinity ? null : cpus
}

/** The default number of workers; a fraction of a CPU counts as one, since it can still be used. */
export function defaultParallelism(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(readCpuQuota() ?? Infinity)))
}
