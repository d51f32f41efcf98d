/** The report for the terminal, read for its meaning. */

import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { guidanceOf } from '#dist/analysis/guidance.js'
import { reporters } from '#dist/reporters/index.js'
import type { Result } from '../../src/results/schema.ts'
import { cell, fixture, resultOf, verdict } from '../results/fixture.ts'

const plain = { color: false, width: 80 }

function render(
  result: Result,
  options: { color: boolean; width: number; unicode?: boolean } = plain,
): string {
  const text = reporters['table']?.render(result, options)
  if (text === undefined) throw new Error('there is no table reporter')
  return text
}

async function suiteWithGuidance(): Promise<Result> {
  const result = await fixture('default-suite')
  return { ...result, guidance: guidanceOf(result) }
}

/** The row of a size in the table of a workload, and the words under the table. */
function section(report: string, workload: string): { rows: string[]; words: string } {
  const text = report.split('\n\n').find((part) => part.startsWith(`${workload}:`)) ?? ''
  const lines = text.split('\n')
  const lastRule = lines.findLastIndex((line) => /^─+$/u.test(line))
  return {
    rows: lines.slice(0, lastRule),
    words: lines
      .slice(lastRule + 1)
      .join(' ')
      .replaceAll(/\s+/gu, ' '),
  }
}

function row(report: string, workload: string, size: string): string {
  return section(report, workload).rows.find((line) => line.trimStart().startsWith(`${size} `)) ?? ''
}

describe('the table', () => {
  test('a row a size, a column an arm, with median and speed-up over serial', async () => {
    const report = render(await fixture('default-suite'))
    expect(section(report, 'primes').rows[2]?.trim().split(/ {2,}/u)).toEqual([
      'size',
      'serial',
      'event-loop ×64',
      'threads ×2',
      'processes ×2',
    ])
    expect(row(report, 'primes', '1,000,000').trim().split(/ {2,}/u)).toEqual([
      '1,000,000',
      '612 ms',
      '614 ms 1.00×',
      '✓',
      '317 ms 1.93×',
      '341 ms 1.79×',
    ])
  })

  test('winner, tied and undecided are marked apart, without colour', async () => {
    const report = render(await fixture('default-suite'))
    const marks = (size: string, workload: string): string =>
      row(report, workload, size).replaceAll(/[^✓≈?]/gu, '')
    expect(marks('1,000', 'primes')).toBe('✓')
    expect(marks('10,000', 'primes')).toBe('≈≈≈')
    expect(marks('1,048,576', 'word-count')).toBe('???')
    expect(row(report, 'primes', '1,000')).toMatch(/^\s+1,000 {2}✓ 81\.2 µs/u)
  })

  test('a size that was added has a mark, which is explained', async () => {
    const cells = [100, 250, 1000].flatMap((size) =>
      ['serial', 'threads'].map((executor) =>
        cell({ executor, size, ...(size === 250 ? { refines: true } : {}) }),
      ),
    )
    const skip = { workload: 'w', size: 300, executor: null, refines: true, reason: 'there is no size 300' }
    const { rows, words } = section(render(await resultOf({ cells, skipped: [skip] })), 'w')
    const sizes = rows.map((line) => line.trim().split(/ {2,}/u)[0])
    expect(sizes).toContain('250+')
    expect(sizes).toContain('1,000')
    expect(rows.find((line) => line.includes('250+'))?.indexOf('250')).toBe(
      rows.find((line) => line.includes('100 '))?.indexOf('100'),
    )
    expect(words).toContain('+ added, where another executor takes the lead')
    expect(words).toContain('Skipped size 300: there is no size 300')
    expect(section(render(await resultOf({ cells: cells.slice(0, 2) })), 'w').words).not.toContain('added')
  })

  test('colour adds nothing but colour', async () => {
    for (const name of ['default-suite', 'several-worker-counts'] as const) {
      const result = await fixture(name)
      const colored = render(result, { ...plain, color: true })
      expect(colored).toContain('\u{1b}[')
      expect(stripVTControlCharacters(colored)).toBe(render(result))
    }
  })

  test.each([60, 80, 100, 120, 200])('no line is longer than %d columns', async (width) => {
    for (const name of ['default-suite', 'several-worker-counts'] as const) {
      const lines = render(await fixture(name), { color: false, width }).split('\n')
      expect(lines.filter((line) => line.length > width)).toEqual([])
    }
  })

  test('a wide terminal sees the intervals, a narrow one all columns in several tables', async () => {
    const wide = render(await fixture('default-suite'), { color: false, width: 120 })
    expect(row(wide, 'primes', '100,000')).toMatch(/12\.9 ms ±2% 1\.88×/u)
    const narrow = render(await fixture('several-worker-counts'))
    const { rows } = section(narrow, 'timer')
    expect(rows.filter((line) => line.trimStart().startsWith('size '))).toHaveLength(2)
    for (const label of ['serial', 'event-loop ×2', 'threads ×8', 'processes ×8'])
      expect(rows.filter((line) => line.includes(label))).toHaveLength(1)
  })

  test('failed and skipped cells are told apart and have a reason', async () => {
    const report = render(await fixture('default-suite'))
    expect(row(report, 'late-mismatch', '100')).toMatch(/✗ failed \[1\] {2}✗ failed \[2\]$/u)
    expect(section(report, 'late-mismatch').words).toMatch(
      /\[1\] ChecksumMismatchError: threads gave 77ab01/u,
    )
    expect(row(report, 'file-read', '4,096').match(/skipped \[1\]/gu)).toHaveLength(4)
    expect(section(report, 'file-read').words).toContain('[1] skipped: the budget of 60 s was spent')
    expect(report).toMatch(/file-read-direct: .*\n {2}Skipped: this file system has no O_DIRECT/u)
  })

  test('without serial there are no speed-ups', async () => {
    const cells = [cell({ executor: 'threads', workers: 2 }), cell({ executor: 'processes', workers: 2 })]
    const report = render(await resultOf({ cells }))
    expect(row(report, 'w', '100')).not.toContain('×')
  })

  test('a cell without times and without a reason is a dash', async () => {
    const cells = [cell({ executor: 'serial' }), cell({ executor: 'threads', workers: 2, medianMs: null })]
    expect(row(render(await resultOf({ cells })), 'w', '100')).toMatch(/–$/u)
  })
})

describe('around the tables', () => {
  test('the header names the machine, the seed and the time', async () => {
    const header = render(await fixture('default-suite'))
      .split('\n\n')[0]
      ?.replaceAll(/\s+/gu, ' ')
    for (const fact of [
      'boundby 0.1.0',
      'Node v20.20.2',
      '2 cores',
      'AMD EPYC',
      'seed 42',
      '58.1 s of a budget of 60 s',
    ])
      expect(header).toContain(fact)
  })

  test('the header names every machine of a result that was merged from several', async () => {
    const result = await fixture('default-suite')
    const other = { ...result.environment, cpuModel: 'Other', node: 'v22.1.0' }
    for (const format of ['table', 'markdown', 'html']) {
      const merged = { ...result, machines: [result.environment, other] }
      const text = reporters[format]?.render(merged, { color: false, width: 200 }).replaceAll(/\s+/gu, ' ')
      expect(text).toMatch(
        /Machine 1: 2 cores .{0,3}AMD EPYC.*Machine 2: 2 cores .{0,3}Other.*Node v22\.1\.0/u,
      )
      expect(text).not.toContain('on Node v20')
    }
  })

  test('an interrupted run says so at once', async () => {
    const lines = render(await fixture('several-worker-counts')).split('\n')
    expect(lines.slice(0, 5).join('\n')).toContain('Interrupted: Ctrl-C after 20 s')
  })

  test('the footer repeats what failed, with the place in the source, and how to repeat the run', async () => {
    const footer = render(await fixture('default-suite'))
      .split('\n\n')
      .at(-1)
      ?.replaceAll(/\s+/gu, ' ')
    expect(footer).toContain('2 cells of 52 failed')
    expect(footer).toContain('late-mismatch: TypeError: Cannot read properties')
    expect(footer).toContain('late-mismatch.ts:12')
    expect(footer).toContain(
      'boundby run --executors serial,event-loop,threads,processes --tasks-in-flight 16 --budget 60s --seed 42',
    )
  })

  test('the call to repeat names how many launches were asked for', async () => {
    const result = await fixture('default-suite')
    expect(
      render({ ...result, options: { ...result.options, leastLaunches: 10 } }).replaceAll(/\s+/gu, ' '),
    ).toContain('--budget 60s --least-launches 10 --seed 42')
  })

  test('the call to repeat is quoted for a shell and names what differs from the defaults', async () => {
    const result = await fixture('several-worker-counts')
    const footer = render({ ...result, options: { ...result.options, files: ["it's; rm -rf ~.ts"] } })
      .split('\n\n')
      .at(-1)
      ?.replaceAll(/\s+/gu, ' ')
    expect(footer).toContain(String.raw`boundby run 'it'\''s; rm -rf ~.ts' --suite full`)
    expect(footer).toContain('--sizes 16,256 --max-workers 2,8')
    expect(footer).toContain('--margin 10%')
  })

  test('cautions about the machine stand beside it, once; those about a verdict at its workload', async () => {
    const result = await fixture('default-suite')
    const load = 'load: the machine was busy.'
    const report = render({ ...result, warnings: [load, load] })
    expect(report.split('\n\n')[0]).toContain('Warning: load: the machine was busy.')
    expect(report.split('the machine was busy')).toHaveLength(2)
    expect(section(report, 'word-count').words).toContain('the launches of threads differ by 12 %')
  })

  test("the tutorial's sentences end the report, runtimes that were tested side by side", async () => {
    const claim = { id: 'threads-for-io', claim: 'Threads speed up I/O-bound work' }
    const node = { ...claim, runtime: 'node', outcome: 'refuted' as const, evidence: 'not in w (at 10 …)' }
    const python = {
      ...claim,
      runtime: 'cpython 3.11.7',
      outcome: 'holds' as const,
      evidence: 'holds in w',
      reason: 'Why.',
    }
    const missing = { ...claim, runtime: 'pypy 7', outcome: 'not tested' as const, evidence: 'no twin' }
    const report = render(await resultOf({ guidance: [node, python, missing] }))
    expect(report.split('\n\n').at(-2)?.split('\n')).toEqual([
      "The tutorial's sentences, put to the test",
      '  Node            CPython 3.11.7',
      '  ✗ refuted       ✓ holds         Threads speed up I/O-bound work',
      '      Node: not in w (at 10 …).',
      '      CPython 3.11.7: holds in w. Why.',
      '  pypy 7 was not tested: no twin.',
    ])
    for (const width of [40, 60, 80]) {
      const lines = render(await suiteWithGuidance(), { color: false, width }).split('\n')
      const sentences = lines.slice(lines.findIndex((line) => line.startsWith("The tutorial's")))
      expect(sentences.filter((line) => line.length > width)).toEqual([])
      expect(sentences.join(' ')).toContain('✗ refuted')
    }
  })

  test('a result without guidance, or of a control, says nothing of the sentences', async () => {
    const { guidance, options } = await suiteWithGuidance()
    expect(render(await resultOf({}))).not.toContain("tutorial's")
    expect(render(await resultOf({ guidance, options: { ...options, control: true } }))).not.toContain(
      "tutorial's",
    )
  })
})

describe('readers of every kind', () => {
  test('pure ASCII keeps marks and alignment', async () => {
    const result = await fixture('default-suite')
    const ascii = render(result, { ...plain, unicode: false })
    expect(ascii).toMatch(/^[\n\x20-\x7e]*$/u)
    expect(ascii.split('\n').map((line) => line.length)).toEqual(
      render(result)
        .split('\n')
        .map((line) => line.length),
    )
    expect(ascii).toMatch(/1,000,000 .* \* {2}317 ms 1\.93x/u)
  })

  const hostile = '<img src=x onerror=alert(1)>|=cmd()\u{1b}[31m\u{202e}\u{9b}2J\n中文'

  test('hostile names stay text and move nothing', async () => {
    const result = await fixture('default-suite')
    const renamed = JSON.parse(
      JSON.stringify(result)
        .replaceAll('"primes"', JSON.stringify(hostile))
        .replaceAll('"threads"', JSON.stringify(hostile))
        .replaceAll('AMD EPYC', JSON.stringify(hostile).slice(1, -1))
        .replaceAll('the budget of 60 s', JSON.stringify(hostile).slice(1, -1))
        .replaceAll('Cannot read', JSON.stringify(hostile).slice(1, -1)),
    ) as Result
    for (const width of [80, 120]) {
      const report = render(renamed, { color: false, width })
      expect(report.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}]*$/u)
      expect(report).toContain(String.raw`<img src=x onerror=alert(1)>|=cmd()\u{1b}[31m`)
      expect(report.split('\n').filter((line) => line.length > width)).toEqual([])
    }
    const colored = render(renamed, { color: true, width: 80 })
    expect(stripVTControlCharacters(colored)).toBe(render(renamed))
  })

  test('words longer than a line are broken', async () => {
    const endless = 'x'.repeat(200)
    const cells = ['serial', endless].map((executor) => cell({ executor, workload: endless }))
    const verdicts = [verdict({ kind: 'winner', executors: [endless], workload: endless })]
    const report = render(await resultOf({ workloads: [], cells, verdicts }))
    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(report.match(/x{24,}/gu)?.join('').length).toBeGreaterThanOrEqual(400)
  })

  test('a result without cells, or with one that failed, is reported', async () => {
    expect(render(await resultOf({ workloads: [] }))).toContain('0 workloads, 0 cells')
    const failed = cell({
      executor: 'serial',
      medianMs: null,
      error: { name: 'Error', message: 'x'.repeat(5000) },
    })
    const report = render(
      await resultOf({ cells: [failed], verdicts: [verdict({ kind: 'undecided', executors: [] })] }),
    )
    expect(report).toContain('there is no verdict')
    expect(report.length).toBeLessThan(3000)
  })
})

describe('costs', () => {
  const costsMs = {
    startup: 40,
    dispatch: 1,
    transfer: 61,
    cpu: 20,
    runQueue: 0,
    blocked: 0,
    idle: 0,
    imbalance: 18,
  }
  const transfer = { inBytes: 2 ** 26, outBytes: 8, copiedBytes: 2 ** 26, inMs: 61, outMs: 0 }
  const seen = { cpuSeconds: 0.25, peakRssBytes: 3 * 2 ** 26, loopDelayP99Ms: 1.5 }
  const cells = [
    cell({ executor: 'serial', size: 50, workers: 1, medianMs: 30 }),
    cell({ executor: 'processes', size: 50, workers: 2, medianMs: 60, costsMs, transfer, ...seen }),
    cell({
      executor: 'serial',
      workers: 1,
      medianMs: 100,
      ...seen,
      costsMs: { startup: 0, dispatch: 0.2, cpu: 99.8 },
    }),
    cell({ executor: 'processes', workers: 2, medianMs: 100, costsMs, transfer, ...seen }),
  ]

  test('of the largest size have a line for each executor, without columns that tell nothing', async () => {
    const report = render(await resultOf({ cells, verdicts: [] }), { color: false, width: 110 })
    const lines = report.split('\n')
    const from = lines.findIndex((line) => line.startsWith('Where the time at 100 went'))
    // Two bars and their key come first.
    const rows = lines.slice(from + 4, from + 7).map((line) => line.trim().split(/ {2,}/u))
    expect(rows).toEqual([
      [
        'CPU',
        'dispatch',
        'transfer',
        'last task',
        'start-up',
        'in + out',
        'took',
        'CPU time',
        'memory',
        'loop p99',
      ],
      ['serial', '100%', '–', '–', '–', '–', '–', '–', '250 ms', '192 MiB', '1.50 ms'],
      [
        'processes ×2',
        '20%',
        '1%',
        '61%',
        '18%',
        '40.0 ms',
        '64 MiB',
        '61.0 ms',
        '250 ms',
        '192 MiB',
        '1.50 ms',
      ],
    ])
    expect(report).not.toContain('Where the time at 50')
  })

  test('go into as many tables as the width asks for', async () => {
    const report = render(await resultOf({ cells, verdicts: [] }))
    const lines = report.split('\n')
    const [bar, ...rows] = lines.filter((line) => line.startsWith('  processes ×2 '))
    expect(bar).toContain('█')
    expect(rows).toHaveLength(2)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })
})
