/** Formats of other people's services, read by parsers of other people. */
import { parse } from 'junit2json'
import parsePrometheus from 'parse-prometheus-text-format'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compareResults } from '#dist/analysis/comparison.js'
import { comparisonReporters } from '#dist/reporters/comparison/index.js'
import { reporters } from '#dist/reporters/index.js'
import { comparisonAnnotations, resultAnnotations } from '#dist/reporters/services/annotations.js'
import type { Result } from '../../src/results/schema.ts'
import { cell, fixture, resultOf } from '../results/fixture.ts'

const options = { color: false, width: 100 }
const hostile = '<img src=x onerror=alert(1)>|=cmd()\u001B[31m"\\\'\n::error::%0A&]]>'
const suite = await fixture('default-suite')
const render = (reporter: string, result: Result): string =>
  reporters[reporter]?.render(result, options) ?? ''
const named = await resultOf({
  cells: [
    cell({ workload: hostile, executor: 'serial' }),
    cell({ workload: hostile, executor: 'threads', error: { name: hostile, message: hostile } }),
  ],
})

/** As https://bencher.dev/bmf.json says, and its limits on names. */
const metricFormat = z.record(
  z.string().min(1).max(1024),
  z.record(
    z.string().min(1).max(64),
    z.strictObject({
      value: z.number(),
      lower_value: z.number().optional(),
      upper_value: z.number().optional(),
    }),
  ),
)
/** As the action's own check of `customSmallerIsBetter` has it. */
const customBenchmarks = z
  .array(
    z.strictObject({
      name: z.string(),
      unit: z.string(),
      value: z.number(),
      range: z.string().optional(),
      extra: z.string().optional(),
    }),
  )
  .min(1)

const measured = suite.cells.filter(({ error }) => error === null)

describe('Bencher', () => {
  it('gets every measured cell in nanoseconds, with its interval', () => {
    const metrics = metricFormat.parse(JSON.parse(render('bencher', suite)))
    expect(Object.keys(metrics)).toHaveLength(measured.length)
    expect(metrics['primes 1,000,000 threads']?.['latency']).toEqual({
      value: 316_800_000,
      lower_value: expect.any(Number),
      upper_value: expect.any(Number),
    })
    metricFormat.parse(JSON.parse(render('bencher', named)))
  })
})

describe('github-action-benchmark', () => {
  it('gets a list in its format, each name once', () => {
    const entries = customBenchmarks.parse(JSON.parse(render('github-action-benchmark', suite)))
    expect(new Set(entries.map(({ name }) => name)).size).toBe(measured.length)
    customBenchmarks.parse(JSON.parse(render('github-action-benchmark', named)))
  })

  it('tells cells apart that differ in workers only', async () => {
    const cells = [2, 8].map((workers) => cell({ executor: 'threads', workers }))
    const entries = customBenchmarks.parse(
      JSON.parse(render('github-action-benchmark', await resultOf({ cells }))),
    )
    expect(entries.map(({ name }) => name)).toEqual(['w 100 threads ×2', 'w 100 threads ×8'])
  })
})

const onPython = (runtime: string) => cell({ executor: 'python-threads', workers: 2, runtime })

const bencherNames = async (...runtimes: string[]) => {
  const result = await resultOf({ cells: [cell({ executor: 'serial' }), ...runtimes.map(onPython)] })
  const metrics = render('openmetrics', result).match(/^boundby_makespan_seconds.*(?= )/gmu) ?? []
  expect(new Set(metrics).size).toBe(1 + runtimes.length)
  return Object.keys(metricFormat.parse(JSON.parse(render('bencher', result))))
}

it('a cell of one Python is told from that of another, and from what a patch makes of it', async () => {
  expect(await bencherNames('cpython 3.13.1')).toEqual(['w 100 serial', 'w 100 python-threads'])
  expect(await bencherNames('cpython 3.13.1', 'cpython 3.12.4')).toEqual([
    'w 100 serial',
    'w 100 python-threads (cpython 3.13)',
    'w 100 python-threads (cpython 3.12)',
  ])
  expect(await bencherNames('cpython 3.13.1', 'cpython 3.13.2')).toContain(
    'w 100 python-threads (cpython 3.13.2)',
  )
})

/** The values of an OpenMetrics family. */
const values = (name: string, text: string) =>
  Array.from(text.matchAll(new RegExp(`^${name}\\{.*\\} (.*)$`, 'gmu')), ([, value]) => value)

describe('OpenMetrics', () => {
  it('ends as it must, and parses', () => {
    const text = render('openmetrics', suite)
    expect(text.endsWith('# EOF\n')).toBe(true)
    const [family] = parsePrometheus(text.replace(/# UNIT .*\n/gu, ''))
    expect(family).toMatchObject({ name: 'boundby_makespan_seconds', type: 'GAUGE' })
    expect(family?.metrics).toHaveLength(measured.length)
    expect(family?.metrics[0]).toMatchObject({
      labels: { workload: 'primes', size: '1000', executor: 'serial' },
    })
  })

  it('gives seconds without the digits that the division of a binary fraction adds', async () => {
    const cells = [2.1, 123_456.789, 1e-6].map((medianMs, index) =>
      cell({ executor: 'serial', size: index + 1, medianMs, intervalMs: [medianMs, 2 * medianMs] }),
    )
    const text = render('openmetrics', await resultOf({ cells }))
    expect(values('boundby_makespan_seconds', text)).toEqual(['0.0021', '123.456789', '1e-9'])
    expect(values('boundby_makespan_low_seconds', text)).toEqual(['0.0021', '123.456789', '1e-9'])
    expect(values('boundby_makespan_high_seconds', text)).toEqual(['0.0042', '246.913578', '2e-9'])
  })

  it('quotes what a name may hold', () => {
    const text = render('openmetrics', named)
    expect(text).not.toContain('\u001B')
    expect(text.split('\n').filter((line) => line.startsWith('boundby_makespan_seconds'))).toHaveLength(1)
    parsePrometheus(text.replace(/# UNIT .*\n/gu, ''))
  })
})

/** Of a JUnit file: what its tests are known by. */
const namesIn = (xml = '') => Array.from(xml.matchAll(/<testcase ([^>]*?) time=/gu), ([, name]) => name)

describe('JUnit', () => {
  it('has a case for each cell and an error for each that failed', async () => {
    const parsed = await parse(render('junit', suite))
    const failed = suite.cells.length - measured.length
    expect(parsed).toMatchObject({ tests: suite.cells.length, failures: 0, errors: failed })
    const cases = (parsed && 'testsuite' in parsed ? (parsed.testsuite ?? []) : []).flatMap(
      ({ testcase = [] }) => testcase,
    )
    expect(cases).toHaveLength(suite.cells.length)
    expect(cases.filter(({ error }) => error !== undefined)).toHaveLength(failed)
  })

  it('stays well-formed whatever a name holds', async () => {
    const xml = render('junit', named)
    expect(xml).not.toContain('<img')
    expect(xml).not.toContain('\u001B')
    expect(await parse(xml)).toMatchObject({ tests: 2, errors: 1 })
    const none = await resultOf({ cells: [cell({ workload: '\uFFFE\uFFFF', executor: 'serial' })] })
    expect(render('junit', none)).not.toMatch(/[\uFFFE\uFFFF]/u)
  })

  it('fails for what raises the alarm of a comparison', async () => {
    const slower = suite.cells.map((each) =>
      each.workload === 'http-get'
        ? { ...each, launches: each.launches.map((launch) => launch.map((ms) => 1.5 * ms)) }
        : each,
    )
    const failures = async (failOn: ('slower' | 'flipped')[]) => {
      const comparison = compareResults(
        suite,
        { ...suite, cells: slower },
        { margin: 0.05, failOn, acrossEnvironments: false },
      )
      return parse(comparisonReporters['junit']?.render(comparison, options) ?? '')
    }
    const count = measured.filter(({ workload }) => workload === 'http-get').length
    expect(await failures(['slower'])).toMatchObject({ tests: measured.length, failures: count })
    expect(await failures([])).toMatchObject({ failures: 0 })
  })

  it('calls a cell alike in the report of a run and in that of a comparison', async () => {
    const both = await resultOf({
      cells: [
        cell({ executor: 'serial', size: 1000 }),
        cell({ executor: 'threads', size: 1000, workers: 2 }),
        cell({ executor: 'threads', size: 1000, workers: 8 }),
        onPython('cpython 3.13.1'),
      ],
    })
    const expected = [
      'classname="boundby.w" name="1,000 serial"',
      'classname="boundby.w" name="1,000 threads ×2"',
      'classname="boundby.w" name="1,000 threads ×8"',
      'classname="boundby.w" name="100 python-threads (cpython 3.13)"',
    ]
    expect(namesIn(render('junit', both))).toEqual(expected)
    const namesNow = (cells: Result['cells']) => {
      const watching = { margin: 0.05, failOn: ['missing'] as const, acrossEnvironments: false }
      const comparison = compareResults(both, { ...both, cells }, watching)
      return namesIn(comparisonReporters['junit']?.render(comparison, options))
    }
    expect(namesNow(both.cells)).toEqual(expected)
    // One that is gone fails the test that it was.
    for (const [index, name] of expected.entries()) {
      const rest = both.cells.toSpliced(index, 1)
      expect(namesNow(rest)).toEqual([...expected.toSpliced(index, 1), name])
    }
  })

  it('passes no cell that was too thin to show a slowdown', () => {
    const thin = {
      ...suite,
      cells: suite.cells.map((each) => ({ ...each, launches: each.launches.slice(0, 1) })),
    }
    const watching = (failOn: readonly 'slower'[]) =>
      comparisonReporters['junit']?.render(
        compareResults(suite, thin, { margin: 0.05, failOn, acrossEnvironments: false }),
        options,
      ) ?? ''
    const skipped = /<skipped message="unclear: no slowdown could be found"\/>/gu
    expect(watching(['slower']).match(skipped)).toHaveLength(measured.length)
    expect(watching([])).not.toContain('<skipped')
  })
})

describe("GitHub's annotations", () => {
  it('are one line each, and none can be forged', () => {
    const lines = resultAnnotations(named).trimEnd().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^::error title=/u)
    expect(lines[0]).not.toContain('\u001B')
    expect(lines[0]).not.toMatch(/[^5]0A/u)
  })

  it('name the file and line of a failed cell', async () => {
    const error = { name: 'TypeError', message: 'no', location: 'w.ts:12' }
    const result = await resultOf({ cells: [cell({ executor: 'serial', error })] })
    expect(resultAnnotations(result)).toBe(
      '::error file=w.ts,line=12,title=w at 100%2C serial::TypeError: no\n',
    )
    const elsewhere = { ...error, location: 'parse.ts:12' }
    const other = await resultOf({ cells: [cell({ executor: 'serial', error: elsewhere })] })
    expect(resultAnnotations(other)).toContain('::error file=w.ts,title=')
  })

  it('are at most ten of a level', async () => {
    const cells = Array.from({ length: 30 }, (_, index) =>
      cell({ executor: 'serial', size: index + 1, error: { name: 'Error', message: 'no' } }),
    )
    const lines = resultAnnotations(await resultOf({ cells }))
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toContain('21 more')
  })

  it('tell the answer of a comparison', () => {
    const comparison = compareResults(suite, suite, { margin: 0.05, failOn: [], acrossEnvironments: false })
    expect(comparisonAnnotations(comparison)).toMatch(
      /^::notice title=boundby compare::No alarm.*Smallest slowdown/u,
    )
  })

  it('are an error at least where there is an alarm', () => {
    const gone = { ...suite, cells: suite.cells.slice(1) }
    const watching = { margin: 0.05, failOn: ['missing'] as const, acrossEnvironments: false }
    expect(comparisonAnnotations(compareResults(suite, gone, watching))).toMatch(
      /^::error title=boundby compare::Alarm: cells are missing/mu,
    )
  })

  it('name the cells that are missing or give other results, if that fails the job', () => {
    const [first, second, ...rest] = suite.cells
    if (first === undefined || second === undefined) throw new Error('expected two cells')
    const now = { ...suite, cells: [{ ...second, checksum: 'other' }, ...rest] }
    const written = (failOn: readonly ('missing' | 'checksum')[]): string =>
      comparisonAnnotations(compareResults(suite, now, { margin: 0.05, failOn, acrossEnvironments: false }))
    const told = written(['missing', 'checksum'])
    expect(told).toMatch(
      new RegExp(`^::error title=${first.workload} at .*${first.executor}(?: ×\\d+)?::was measured`, 'mu'),
    )
    expect(told).toMatch(
      new RegExp(`^::error title=${second.workload} at .*${second.executor}(?: ×\\d+)?::gives another`, 'mu'),
    )
    expect(written([])).not.toMatch(/was measured before|gives another/u)
  })
})
