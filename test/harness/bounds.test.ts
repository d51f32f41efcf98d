/**
 * What bounds a task, told right for real ones: each case is called in a process of its own, and accounted five
 * times; the diagnosis takes the middle.
 *
 * Known to come out wrong, and not asserted:
 * - a task that waits by spinning (polling a file) is `cpu`, since it is on the CPU;
 * - a process that was stopped (SIGSTOP) looks blocked: `io`;
 * - `WebAssembly.compile` is `io` where there are cores to spare: V8's threads do the work, which cannot be told
 *   from what they do beside any task;
 * - CPU work that overlaps I/O: the I/O is not seen;
 * - what a child process does that lives on is not seen at all;
 * - a call of some microseconds more or less than 60: `overhead` or not.
 */
import { execFile } from 'node:child_process'
import { platform } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { diagnose } from '#dist/analysis/diagnosis.js'
import type { TimeSpent } from '#dist/harness/accounting.js'
import { sharesOf } from '#dist/harness/shares.js'
import type { Diagnosis } from '#dist/results/schema.js'

const script = fileURLToPath(new URL('../fixtures/diagnosis/account.mjs', import.meta.url))

const waitsForDisk: Diagnosis['bound'][] = ['io', 'mixed']

const expected: Readonly<Record<string, readonly Diagnosis['bound'][]>> = {
  'busy spin': ['cpu'],
  'blocking sleep': ['io'],
  timer: ['io'],
  'cached read, sync': ['cpu'],
  'cached read, fs.promises': ['cpu'],
  'O_DIRECT read': waitsForDisk,
  fsync: waitsForDisk,
  'HTTP to another process': ['io'],
  'gzip, async': ['cpu'],
  'gzip, sync': ['cpu'],
  'pbkdf2, async': ['cpu'],
  'JSON.parse of 5 MB': ['cpu'],
  'allocation storm': ['cpu'],
  'half and half, sync': ['mixed'],
  'half and half, async': ['mixed'],
  'spin beside hogs': ['cpu'],
  'exec of a CPU burner': ['cpu'],
  'exec of a sleeper': ['io'],
  'spawnSync of a CPU burner': ['cpu'],
  'spawnSync of a sleeper': ['io'],
  'worker thread that computes': ['cpu'],
  'worker thread awaited in Atomics.wait': ['cpu'],
  'crypto.subtle': ['cpu'],
  'crypto.scrypt': ['cpu'],
  'zlib stream': ['cpu', 'mixed'],
  // Every chunk is handed from thread to thread: on a busy machine those waits show as waiting.
  'read stream of a cached file': ['cpu', 'mixed'],
  'four at once in libuv': ['cpu'],
  'fs.watch': ['io'],
  // Whether a resolver reads a file or asks a daemon is the machine's affair.
  'dns.lookup of localhost': ['cpu', 'mixed'],
  'microtask loop': ['cpu'],
  'setImmediate loop': ['cpu'],
  'timers of 1 ms': ['io'],
  'regular expression that backtracks': ['cpu'],
  'one tenth spinning': ['io'],
  'timer beside a little work in libuv': ['io'],
  'nine tenths spinning': ['cpu'],
  'three tenths spinning': ['mixed'],
  'WebAssembly in a loop': ['cpu'],
  'lines of a large file': ['cpu'],
  'a lock that another holds': ['io'],
  'a key pair, async': ['cpu'],
  'random bytes, async': ['cpu'],
  'readdir of many entries': ['cpu', 'mixed'],
  'structuredClone of many objects': ['cpu'],
  'ping-pong with a worker thread that computes': ['cpu'],
  'a pipe that another process writes to': ['io'],
}

async function accountsOf(name: string): Promise<TimeSpent[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, name], { timeout: 30_000 })
  return JSON.parse(stdout) as TimeSpent[]
}

describe.skipIf(platform() !== 'linux')('what bounds', () => {
  it.for(Object.entries(expected))('%s', async ([name, bounds], { skip }) => {
    const accounts = await accountsOf(name)
    const [first, ...rest] = accounts.map(sharesOf)
    if (first === undefined) return skip()
    const taskMs = Math.min(...accounts.map(({ wallMs }) => wallMs))
    const diagnosis = diagnose({ shares: [first, ...rest], taskMs, movingMs: undefined })
    expect(bounds, JSON.stringify({ diagnosis, accounts })).toContain(diagnosis.bound)
    return undefined
  })
})
