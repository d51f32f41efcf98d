/** The small parts of the executors, each by itself. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inheritableExecArgv } from '#dist/executors/exec-argv.js'
import { LastLines } from '#dist/executors/last-lines.js'
import { defaultParallelism, readCpuQuota } from '#dist/executors/parallelism.js'
import { SubmissionQueue } from '#dist/executors/queue.js'
import { Submission } from '#dist/executors/submission.js'
import { describeUncloneable } from '#dist/executors/transfer-path.js'
import { BoundbyError } from '#dist/errors.js'
import { createExecutor, ExecutorError, SharedBytes } from '#dist/executors/index.js'
import { SharedBytes as sameBytes } from '#dist/executors/shared-bytes.js'
import { tasks } from './support.ts'

function quota(files: Readonly<Record<string, string>>): number | null {
  return readCpuQuota((path) => files[path])
}

function submission(): Submission {
  return new Submission(tasks.double, [1], false)
}

function pathOf(value: unknown): string {
  return describeUncloneable(value, 'input', structuredClone, new Error('no')).path
}

function call(): void {}

describe('the CPU quota', () => {
  it('is read from version 2', () => {
    const cgroup = { '/proc/self/cgroup': '0::/\n' }
    expect(quota({ ...cgroup, '/sys/fs/cgroup/cpu.max': '150000 100000\n' })).toBe(1.5)
    expect(quota({ ...cgroup, '/sys/fs/cgroup/cpu.max': 'max 100000\n' })).toBeNull()
    expect(quota(cgroup)).toBeNull()
    expect(quota({})).toBeNull()
  })

  it('is the least on the way to the root', () => {
    const files = {
      '/proc/self/cgroup': '0::/outer/inner\n',
      '/sys/fs/cgroup/outer/inner/cpu.max': '400000 100000',
      '/sys/fs/cgroup/outer/cpu.max': '200000 100000',
    }
    expect(quota(files)).toBe(2)
  })

  it('is read from version 1', () => {
    const files = {
      '/proc/self/cgroup': '5:cpuset:/\n4:cpu,cpuacct:/box\n',
      '/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu/box/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    }
    expect(quota(files)).toBe(0.5)
  })

  it('survives nonsense', () => {
    for (const text of ['', 'x y', '1', '100000 0', '0 100000', '-5 3'])
      expect(quota({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': text })).toBeNull()
  })

  it('leaves at least one worker', () => {
    expect(defaultParallelism()).toBeGreaterThanOrEqual(1)
  })
})

describe("a child's Node options", () => {
  it.each([
    [['--input-type=module', '-e', 'code'], []],
    [['--eval', 'code', '--max-old-space-size=64'], ['--max-old-space-size=64']],
    [
      ['--inspect-brk=0', '--inspect', '--import', './hook.js'],
      ['--import', './hook.js'],
    ],
    [['--test', '--test-name-pattern=x', '--watch', '--check', '-i'], []],
    [
      ['--require', 'a', '--enable-source-maps'],
      ['--require', 'a', '--enable-source-maps'],
    ],
  ])('of %o are %o', (execArgv, expected) => {
    expect(inheritableExecArgv(execArgv)).toStrictEqual(expected)
  })
})

describe('the queue', () => {
  it('is first in, first out, and can be left anywhere', () => {
    const queue = new SubmissionQueue()
    const [a, b, c, d] = [submission(), submission(), submission(), submission()]
    for (const one of [a, b, c]) queue.push(one)
    queue.unshift(d)
    queue.remove(b)
    expect(queue.size).toBe(3)
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toStrictEqual([d, a, c, undefined])
    queue.push(b)
    queue.remove(b)
    queue.push(a)
    expect(queue.shift()).toBe(a)
    expect(queue.size).toBe(0)
  })

  it('counts inputs that are still to be cut as the chunks that they will be', () => {
    const queue = new SubmissionQueue()
    const uncut = new Submission(tasks.double, [1, 2, 3, 4, 5], true)
    uncut.onCut = call
    uncut.chunkSize = 2
    queue.push(uncut)
    const sizes = [queue.size]
    const chunks: unknown[] = []
    for (let first = queue.first; first !== undefined; first = queue.first) {
      chunks.push(queue.cutFirst(first, 2).inputs)
      sizes.push(queue.size)
    }
    expect(chunks).toStrictEqual([[1, 2], [3, 4], [5]])
    expect(sizes).toStrictEqual([3, 2, 1, 0])
  })
})

describe('the bundle', () => {
  it('is all that is loaded, with the classes that every module has', () => {
    const index = readFileSync(new URL(import.meta.resolve('#dist/executors/index.js')), 'utf8')
    expect(index.match(/from '.*'/gu)).toStrictEqual(["from './bundle.js'"])
    expect(sameBytes).toBe(SharedBytes)
    expect(ExecutorError.prototype).toBeInstanceOf(BoundbyError)
  })
})

describe('the last lines', () => {
  it('are bounded', () => {
    const lines = new LastLines()
    for (let index = 0; index < 1000; index++) lines.add(Buffer.from(`line ${index}\n`))
    const text = lines.toString()
    expect(text.endsWith('line 999')).toBe(true)
    expect(text.length).toBeLessThanOrEqual(4096)
  })
})

describe('the path to what cannot be cloned', () => {
  it.each<[unknown, string]>([
    [call, 'input'],
    [[1, call], 'input[1]'],
    [{ a: { 'b-c': call } }, 'input.a["b-c"]'],
    [new Map([['key', call]]), 'input.get("key")'],
    [new Map([[1, call]]), 'input.values()[0]'],
    [new Map([[call, 1]]), 'input.keys()[0]'],
    [new Set([1, call]), 'input.values()[1]'],
    [{ weak: new WeakMap() }, 'input.weak'],
    [{ late: Promise.resolve() }, 'input.late'],
  ])('%o is %s', (value, path) => {
    expect(pathOf(value)).toBe(path)
  })

  it('ends for circles and for getters that throw', () => {
    const circle: Record<string, unknown> = { call }
    circle['self'] = circle
    expect(pathOf({ circle })).toMatch(/^input\.circle/u)
    const hostile = {
      get trap(): never {
        throw new Error('trap')
      },
    }
    expect(pathOf({ hostile })).toBe('input.hostile')
  })
})

describe('the registry', () => {
  it('names the ids it knows', () => {
    expect(() => createExecutor('fibers')).toThrow(/"fibers".*serial, event-loop, threads, processes/u)
  })
})
