/** The memory that a child keeps warm: when it is given back, and that it is. */

import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IdleWatch } from '#dist/executors/entry/give-back.js'
import { warmMemory } from '#dist/executors/warm-memory.js'

const fixture = fileURLToPath(new URL('../fixtures/executors/give-back.mjs', import.meta.url))

function hasKoffi(): boolean {
  try {
    createRequire(import.meta.url).resolve('koffi')
    return true
  } catch {
    return false
  }
}

describe('an idle watch', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('tells when there has been no large message for half a minute, each time', () => {
    const onIdle = vi.fn<() => void>()
    const watch = new IdleWatch(onIdle)
    watch.note(2 ** 20)
    vi.advanceTimersByTime(29_000)
    watch.note(2 ** 26)
    vi.advanceTimersByTime(29_000)
    expect(onIdle).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    expect(onIdle).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(100_000)
    expect(onIdle).toHaveBeenCalledTimes(1)
    watch.note(2 ** 20)
    vi.advanceTimersByTime(30_000)
    expect(onIdle).toHaveBeenCalledTimes(2)
  })

  it('does not look at small messages', () => {
    const onIdle = vi.fn<() => void>()
    new IdleWatch(onIdle).note(2 ** 20 - 1)
    vi.advanceTimersByTime(100_000)
    expect(onIdle).not.toHaveBeenCalled()
  })
})

describe('memory that is given back', () => {
  it.skipIf(process.platform !== 'linux' || !hasKoffi())('is the system’s again', () => {
    const env = { ...process.env, ...warmMemory }
    const { before, after } = JSON.parse(
      execFileSync(process.execPath, [fixture], { env, encoding: 'utf8' }),
    ) as { before: number; after: number }
    expect(before).toBeGreaterThan(after + 60e6)
  })
})
