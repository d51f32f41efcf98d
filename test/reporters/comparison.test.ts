/** Comparisons and histories as text and as pages: what they must say, and what a name must not do. */
import { describe, expect, it } from 'vitest'
import { compareResults } from '#dist/analysis/comparison.js'
import { historyOf } from '#dist/analysis/history.js'
import { comparisonReporters } from '#dist/reporters/comparison/index.js'
import { renderHistoryPage } from '#dist/reporters/history/html.js'
import { version } from '#dist/version.js'
import type { Result } from '../../src/results/schema.ts'
import { fixture } from '../results/fixture.ts'

const hostile = '<img src=x onerror=alert(1)>|=cmd()\u001B[31m'
const baseline = await fixture('default-suite')
const named = (result: Result): Result => ({
  ...result,
  cells: result.cells.map((cell) => ({ ...cell, workload: `${hostile} ${cell.workload}` })),
})
const slower = (result: Result): Result => ({
  ...result,
  cells: result.cells.map((cell) =>
    cell.workload.endsWith('http-get')
      ? { ...cell, launches: cell.launches.map((launch) => launch.map((ms) => 1.5 * ms)) }
      : cell,
  ),
})
const options = { margin: 0.05, failOn: ['slower'] as const, acrossEnvironments: false }
const render = (reporter: string, before: Result, after: Result): string =>
  comparisonReporters[reporter]?.render(compareResults(before, after, options), {
    color: false,
    width: 80,
  }) ?? ''

describe.each(Object.keys(comparisonReporters))('a comparison as %s', (reporter) => {
  it('says what became slower', () => {
    const text = render(reporter, baseline, slower(baseline))
    // Markdown has a backslash before the hyphen.
    expect(text).toMatch(/http\\?-get/u)
    expect(text).toMatch(/slower|Alarm|"alarm": true/u)
    expect(text.endsWith('\n')).toBe(true)
  })

  it('is harmless whatever a workload is called', () => {
    const text = render(reporter, named(baseline), slower(named(baseline)))
    expect(text).not.toContain('\u001B')
    // A program's JSON, and a terminal, run no markup.
    if (reporter !== 'json' && reporter !== 'table') expect(text).not.toContain('<img')
  })
})

/** Very many cells, a third of them slower. */
const many = (factor: number): Result => ({
  ...baseline,
  cells: baseline.cells.flatMap((cell) =>
    Array.from({ length: Math.ceil(1000 / baseline.cells.length) }, (_, copy) => ({
      ...cell,
      size: cell.size + copy / 1000,
      launches: cell.launches.map((launch) => launch.map((ms) => (copy % 3 === 0 ? factor : 1) * ms)),
    })),
  ),
})

describe('in the terminal', () => {
  it('shows of very many changed cells the first, and counts the others', () => {
    const text = render('table', many(1), many(10))
    const changed = Number(/: (\d+) slower, 0 faster/u.exec(text)?.[1])
    expect(changed).toBeGreaterThan(200)
    expect(text.split('\n').filter((line) => line.startsWith('▲'))).toHaveLength(120)
    expect(text).toContain(`${changed - 120} of them slower or faster`)
  })

  it('says of the cells that are left out that none changed', () => {
    expect(render('table', many(1), many(1))).toMatch(/more cells, none slower or faster/u)
  })
})

it('in Markdown tells how many changed where not all are shown', () => {
  expect(render('markdown', many(1), many(10))).toMatch(/^The first 300 of 3\d\d that changed\.$/mu)
  expect(render('markdown', baseline, slower(baseline))).not.toContain('that changed.')
})

/** What the marks of a page's chart stand for, from top to bottom. */
const marksIn = (page: string): string[] =>
  Array.from(page.matchAll(/class="(x-\w+ (?:full|hollow))"/gu), ([, mark = '']) => mark)

const footerOf = (page = ''): string => /<footer><p>(.*)<\/p><\/footer>/u.exec(page)?.[1] ?? ''

describe('as a page', () => {
  it('a comparison asks for nothing, and has its numbers as a table', () => {
    const page = render('html', baseline, slower(baseline))
    expect(page).toContain("default-src 'none'")
    expect(page).toMatch(/<h1>Alarm: cells became slower\.<\/h1>/u)
    expect(page).toMatch(/<svg[^>]* role="img"/u)
    expect(page).toContain('<details class="data">')
    expect(page.length).toBeLessThan(300_000)
  })

  it('marks cells by what became of them, whichever executor they are of', () => {
    const kept = baseline.cells.filter(({ error }) => error === null)
    const changed = kept.filter(({ workload }) => workload === 'http-get').length
    for (const [page, mark] of [
      [render('html', baseline, slower(baseline)), 'x-slower full'],
      [render('html', slower(baseline), baseline), 'x-faster full'],
    ] as const) {
      const marks = marksIn(page)
      expect(marks.slice(0, changed)).toEqual(Array.from({ length: changed }, () => mark))
      const others = Array.from({ length: kept.length - changed }, () => 'x-steady hollow')
      expect(marks.slice(changed)).toEqual(others)
    }
  })

  it('ends with what made it, and of what', () => {
    const comparison = compareResults(baseline, baseline, options)
    const compared = (by: 'times' | 'turns'): string =>
      footerOf(comparisonReporters['html']?.render({ ...comparison, by }, { color: false, width: 80 }))
    const from = `Made by boundby ${version} from`
    expect(compared('times')).toBe(`${from} two result files; nothing was measured again for it.`)
    expect(compared('turns')).toBe(`${from} one run of both versions.`)
    expect(footerOf(renderHistoryPage(historyOf([baseline], 0.05)))).toMatch(`${from} result files;`)
  })

  it('keeps the size and the executor beside a name that is too long', () => {
    const long = {
      ...baseline,
      cells: baseline.cells.map((cell) => ({ ...cell, workload: 'W'.repeat(300) })),
    }
    const rows = [...render('html', long, long).matchAll(/<text class="cell"[^>]*>([^<]*)</gu)]
    expect(rows.length).toBeGreaterThan(10)
    for (const [, name] of rows) expect(name).toMatch(/^W+… at [\d.]+[kM]?, [a-z-]+(?: ×\d+)?$/u)
  })

  it('has nothing where nothing can be compared or shown, and says so', () => {
    const empty = { ...baseline, cells: [] }
    expect(render('html', empty, empty)).not.toContain('How far to trust it')
    expect(renderHistoryPage(historyOf([empty], 0.05))).toContain('There is no cell to show.')
  })

  it('a history begins with what has a step', () => {
    const days = [1, 2, 3, 4, 5, 6].map((day) => ({
      ...(day >= 4 ? slower(baseline) : baseline),
      startedAt: `2026-01-0${day}T00:00:00.000Z`,
    }))
    const page = renderHistoryPage(historyOf(days, 0.05))
    expect(page.indexOf('slower by 1.50')).toBeLessThan(page.indexOf('<main>'))
    expect(/<figcaption>(.*?) at/u.exec(page)?.[1]).toBe('http-get')
  })

  it('a history marks its steps, and is harmless', () => {
    const days = Array.from({ length: 6 }, (_, day) => {
      const result = day >= 3 ? slower(named(baseline)) : named(baseline)
      return { ...result, startedAt: `2026-01-0${day + 1}T00:00:00.000Z` }
    })
    const page = renderHistoryPage(historyOf(days, 0.05))
    expect(page).toMatch(/slower by 1\.50× on 2026-01-04/u)
    expect(page).not.toContain('<img')
    expect(page).toContain("default-src 'none'")
  })
})
