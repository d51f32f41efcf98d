/** Progress: a line a cell without a terminal, one live line in one that never grows beyond it. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '#dist/harness/events.js'
import { createProgress } from '#dist/cli/progress.js'

const escape = '\u{1b}'

function stand(columns?: number) {
  const written: string[] = []
  const write = (text: string): boolean => written.push(text) > 0
  const stream = columns === undefined ? { write } : { write, isTTY: true, columns }
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => written.join('') }
}

const cell = (change: object = {}): RunEvent => ({
  kind: 'cell',
  workload: 'primes',
  size: 10_000,
  arm: { executor: 'threads', workers: 2 },
  medianMs: 12.1,
  error: null,
  skipped: null,
  ...change,
})

beforeEach(() => {
  vi.stubEnv('LC_ALL', 'C.UTF-8')
  vi.stubEnv('TERM', 'xterm')
})
afterEach(() => vi.unstubAllEnvs())

const steering = new RegExp(`(\\n|${escape}\\[\\d*[A-Z])`, 'u')

/** What a terminal shows in the end: the lines that stay, and the one the cursor is in. */
function screen(text: string): string[] {
  const lines = ['']
  for (const part of text.split(steering)) {
    if (part === '\n') lines.push('')
    else if (part.startsWith(`${escape}[1G`)) continue
    else if (part.startsWith(`${escape}[2K`)) lines[lines.length - 1] = ''
    else lines[lines.length - 1] += part
  }
  return lines
}

describe('without a terminal', () => {
  it('writes a line a cell, and notes', () => {
    const { stream, text } = stand()
    const progress = createProgress(stream, false)
    for (const event of [
      { kind: 'planned', workloads: ['primes'], cells: 3 },
      { kind: 'stage', workload: 'primes', stage: 'race', launch: 1 },
      { kind: 'progress', doneShare: 0.5, remainingMs: 1000 },
      cell(),
      cell({ arm: { executor: 'event-loop', workers: 64 } }),
      cell({
        arm: { executor: 'serial', workers: 1 },
        error: { name: 'RangeError', message: 'no', location: 'a.ts:3' },
      }),
      cell({ medianMs: null, skipped: 'no O_DIRECT' }),
      cell({ medianMs: null }),
      { kind: 'note', message: 'look' },
    ] satisfies RunEvent[])
      progress.listener(event)
    progress.end()
    expect(text().split('\n')).toEqual([
      '1 workload, 3 cells: primes',
      'primes · 10,000 · threads (2 workers): 12.1 ms',
      'primes · 10,000 · event-loop (64 in flight): 12.1 ms',
      'primes · 10,000 · serial: failed: RangeError: no (a.ts:3)',
      'primes · 10,000 · threads (2 workers): skipped: no O_DIRECT',
      'primes · 10,000 · threads (2 workers): not measured',
      'Note: look',
      '',
    ])
  })

  it('takes the sting out of hostile text', () => {
    const { stream, text } = stand()
    createProgress(stream, false).listener({ kind: 'note', message: '\u{1b}[2Jgone\nnext\u{7}' })
    expect(text()).toBe('Note: \\u{1b}[2Jgone next\\u{7}\n')
  })
})

describe('in a terminal', () => {
  it('keeps one line, within the width, and leaves nothing of it', () => {
    const stages = fc.constantFrom('setup', 'pilot', 'race', 'teardown') as fc.Arbitrary<'setup' | 'race'>
    const stage = fc.record({ kind: fc.constant('stage' as const), workload: fc.string(), stage: stages })
    const done = fc.record({
      kind: fc.constant('progress' as const),
      doneShare: fc.double({ min: -1, max: 2, noNaN: true }),
      remainingMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(stage, done)), fc.integer({ min: 1, max: 120 }), (events, columns) => {
        const { stream, text } = stand(columns)
        const progress = createProgress(stream, false)
        for (const event of events) {
          progress.listener(event)
          const shown = screen(text())
          expect(shown).toHaveLength(1)
          expect(shown[0]?.length).toBeLessThan(columns)
        }
        progress.end()
        expect(screen(text())).toEqual([''])
      }),
    )
  })

  it('shows how far, what, and how long still', () => {
    const { stream, text } = stand(100)
    let nowMs = 1000
    const progress = createProgress(stream, false, () => nowMs)
    progress.listener({ kind: 'planned', workloads: ['primes'], cells: 3 })
    progress.listener({ kind: 'stage', workload: 'primes', stage: 'race', launch: 2 })
    progress.listener({ kind: 'progress', doneShare: 0.42, remainingMs: 34_200 })
    expect(screen(text())).toEqual(['[########............]  42 % · primes · race, launch 2 · 35 s left'])
    nowMs += 10_000
    progress.listener({ kind: 'stage', workload: 'primes', stage: 'teardown' })
    expect(screen(text())[0]).toMatch(/teardown · 25 s left$/u)
    progress.listener({ kind: 'progress', doneShare: 0.5, remainingMs: 180_000 })
    expect(screen(text())[0]).toMatch(/3 min left$/u)
  })

  it('tells of the races decided, undecided and to come, with as much of a bar as fits', () => {
    for (const [columns, line] of [
      [
        120,
        '[########............]  42 % · primes · race, launch 2 · 5 of 20 races decided, 2 undecided · 35 s left',
      ],
      [96, '[####......]  42 % · primes · race, launch 2 · 5 of 20 races decided, 2 undecided · 35 s left'],
      [85, ' 42 % · primes · race, launch 2 · 5 of 20 races decided, 2 undecided · 35 s left'],
      [80, ' 42 % · primes · race, launch 2 · 5/20 decided, 2 undecided · 35 s left'],
      [40, ' 42 % · primes · race, launch 2 · 5/20 '],
    ] as const) {
      const { stream, text } = stand(columns)
      const progress = createProgress(stream, false, () => 0)
      progress.listener({ kind: 'stage', workload: 'primes', stage: 'race', launch: 2 })
      const races = { decided: 5, undecided: 2, left: 13 }
      progress.listener({ kind: 'progress', doneShare: 0.42, remainingMs: 34_200, races })
      expect(screen(text())).toEqual([line])
    }
  })

  it('keeps notes and failures above the live line, and says no more of what went well', () => {
    const { stream, text } = stand(100)
    const progress = createProgress(stream, false)
    progress.listener(cell())
    progress.listener(cell({ error: { name: 'Error', message: 'broke' } }))
    progress.listener({ kind: 'note', message: 'look' })
    progress.end()
    progress.note('done')
    expect(screen(text())).toEqual([
      'primes · 10,000 · threads (2 workers): failed: Error: broke',
      'Note: look',
      'done',
      '',
    ])
  })
})

describe('quiet', () => {
  it('says only what it is told to', () => {
    const { stream, text } = stand(100)
    const progress = createProgress(stream, true)
    progress.listener(cell())
    progress.listener({ kind: 'note', message: 'look' })
    progress.note('this')
    progress.end()
    expect(text()).toBe('this\n')
  })
})
