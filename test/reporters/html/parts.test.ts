/** The parts of the page that have laws: markup, scales, what is left out, and lanes. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lanesOf } from '#dist/reporters/html/charts/lanes.js'
import { thinned } from '#dist/reporters/html/limits.js'
import { markup } from '#dist/reporters/html/markup.js'
import { prose } from '#dist/reporters/html/prose.js'
import { linearTicks, logScale, logTicks, shortSize, spreadApart } from '#dist/reporters/html/scale.js'

/** A run has them from nanoseconds to hours; a file may have any. */
const positive = fc.oneof(
  fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
  fc.double({ min: Number.MIN_VALUE, noDefaultInfinity: true, noNaN: true }),
)
const extent = fc.tuple(positive, positive).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)

describe('markup', () => {
  it('lets no text end its element or its attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = markup`<p title="${text}">${[text]}</p>`.text
        expect(made.match(/[<>"]/gu)?.join('')).toBe('<""><>')
      }),
    )
  })

  it('escapes once, however deep a template stands in others', () => {
    expect(markup`<b>${markup`<i>${'a & b'}</i>`}${null}${1 / 3}</b>`.text).toBe('<b><i>a &amp; b</i>0.3</b>')
  })

  it('writes no number that a browser would not take', () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 1e-7]) expect(markup`${odd}`.text).toBe('0')
  })

  it('keeps a number with its unit, and escapes what it keeps', () => {
    expect(prose('77 % of event-loop ×10 took 5 ms <').text).toBe(
      '77\u00A0% of <span class="unbroken">event-loop</span>\u00A0×10 took 5\u00A0ms &lt;',
    )
  })
})

describe('scales', () => {
  it('keep order, and stay within their range', () => {
    fc.assert(
      fc.property(extent, positive, positive, fc.constantFrom(1, 1.1), (domain, one, other, room) => {
        const scale = logScale(domain, [10, 90], room)
        for (const value of [one, other]) {
          expect(scale(value)).toBeGreaterThanOrEqual(10 - 1e-6)
          expect(scale(value)).toBeLessThanOrEqual(90 + 1e-6)
        }
        if (one <= other) expect(scale(one)).toBeLessThanOrEqual(scale(other) + 1e-6)
      }),
    )
  })

  it('have few ticks, in order and within the domain', () => {
    fc.assert(
      fc.property(extent, fc.integer({ min: 2, max: 8 }), ([low, high], most) => {
        const ticks = logTicks([low, high], most)
        expect(ticks.every(Number.isFinite)).toBe(true)
        expect(ticks.length).toBeLessThanOrEqual(most)
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b))
        for (const tick of ticks) expect(tick >= low * 0.999 && tick <= high * 1.001).toBe(true)
      }),
    )
    expect(logTicks([0.5, 2.2], 6)).toEqual([0.5, 1, 2])
    // Wider than numbers go: no end of decades.
    const { domain } = logScale([Number.MIN_VALUE, Number.MAX_VALUE], [0, 1], 1.1)
    expect(domain).toEqual([Number.MIN_VALUE, Number.MAX_VALUE])
    expect(logTicks(domain, 5).length).toBeGreaterThan(1)
    expect(linearTicks(217, 5)).toEqual([0, 50, 100, 150, 200])
  })

  it('write sizes short', () => {
    expect([1, 950, 1000, 65_536, 1e6, 2.5e9, 0.5].map(shortSize)).toEqual([
      '1',
      '950',
      '1k',
      '65.5k',
      '1M',
      '2.5G',
      '5e-1',
    ])
  })

  it('move labels apart and no further than there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 7 }), (wishes) => {
        const places = spreadApart(wishes, 14, [0, 100]).toSorted((a, b) => a - b)
        places.forEach((place, index) => {
          if (index > 0) expect(place - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(14 - 1e-6)
          expect(place).toBeLessThanOrEqual(100 + 1e-6)
        })
      }),
    )
  })
})

describe('what is left out of a chart', () => {
  it('is never the first, the last, or what has to stay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 2, max: 30 }), (count, most) => {
        const items = Array.from({ length: count }, (_, index) => index)
        const kept = thinned(items, most, (item) => item === Math.floor(count / 2))
        expect(kept.length).toBe(Math.min(count, most))
        expect(kept).toContain(0)
        expect(kept).toContain(count - 1)
        if (most >= 3) expect(kept).toContain(Math.floor(count / 2))
        expect(kept).toEqual(kept.toSorted((a, b) => a - b))
      }),
    )
  })
})

const task = fc
  .record({
    worker: fc.integer({ min: 0, max: 2 }),
    startedMs: fc.double({ min: 0, max: 100, noNaN: true }),
    durationMs: fc.double({ min: 0, max: 20, noNaN: true }),
  })
  .map(({ worker, startedMs, durationMs }) => ({
    worker,
    queuedMs: 0,
    startedMs,
    endedMs: startedMs + durationMs,
    settledMs: startedMs + durationMs + 1,
    cpuMs: durationMs / 2,
    runQueueMs: null,
  }))

describe('lanes', () => {
  it('hold every task once, on its worker, none over another', () => {
    fc.assert(
      fc.property(fc.array(task, { maxLength: 60 }), fc.integer({ min: 1, max: 80 }), (tasks, most) => {
        const lanes = lanesOf(
          {
            workload: 'w',
            size: 1,
            executor: 'threads',
            makespanMs: 121,
            workers: [],
            tasks,
            omittedTasks: 0,
          },
          most,
        )
        const groups = lanes.flatMap((lane) => lane.groups)
        expect(groups.reduce((sum, group) => sum + group.tasks, 0)).toBe(tasks.length)
        const busyMs = groups.reduce((sum, group) => sum + group.busyMs, 0)
        const allMs = tasks.reduce((sum, { startedMs, endedMs }) => sum + endedMs - startedMs, 0)
        expect(busyMs).toBeCloseTo(allMs)
        for (const lane of lanes)
          lane.groups.forEach((group, index) => {
            const before = lane.groups[index - 1]
            expect(tasks[group.firstIndex]?.worker).toBe(lane.worker)
            if (before !== undefined) expect(group.startedMs).toBeGreaterThanOrEqual(before.endedMs)
            expect(group.freeMs).toBeLessThanOrEqual(group.startedMs)
            expect(group.runQueueMs).toBeNull()
          })
      }),
    )
  })
})
