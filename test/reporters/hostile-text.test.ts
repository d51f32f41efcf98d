/** A result in which every text is hostile, in every format that is not a page: seen, never obeyed. */
import { parse } from 'csv-parse/sync'
import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import type { Result } from '../../src/results/schema.ts'
import { cell, resultOf, verdict } from '../results/fixture.ts'

const hostile = '<img src=x onerror=alert(1)>|=cmd()\u{1b}[31m'
const seen = String.raw`<img src=x onerror=alert(1)>|=cmd()\u{1b}[31m`

/** Every string in it, one value of a choice excepted, replaced. */
function poisoned(value: unknown, name = ''): unknown {
  const choices = ['kind', 'expects', 'bound', 'outcome', 'suite', 'executor', 'over', 'runtime']
  if (typeof value === 'string') return choices.includes(name) ? value : hostile
  if (Array.isArray(value)) return name === 'executors' ? value : value.map((entry) => poisoned(entry, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, poisoned(field, key)]))
}

async function hostileResult(): Promise<Result> {
  const error = { name: 'Error', message: 'no', location: 'f.ts:1' }
  const result = await resultOf({
    cells: [
      cell({ executor: 'serial' }),
      cell({ executor: 'threads', workers: 2 }),
      cell({ executor: 'processes', error }),
    ],
    verdicts: [verdict({ kind: 'winner', executors: ['threads'], warnings: ['w'] })],
    diagnoses: [{ workload: 'w', size: 100, bound: 'io', cpuShare: 0, runQueueShare: 0, blockedShare: 1 }],
    guidance: [{ claim: 'c', runtime: 'node', outcome: 'refuted', evidence: 'e', reason: 'r' }],
    skipped: [{ workload: 'w', size: null, executor: null, reason: 'r' }],
    warnings: ['w'],
    interrupted: 'i',
    timelines: [
      {
        workload: 'w',
        size: 100,
        executor: 'threads',
        makespanMs: 2,
        workers: [{ pid: 1, threadId: 1 }],
        tasks: [
          { worker: 0, queuedMs: 0, startedMs: 0, endedMs: 1, settledMs: 2, cpuMs: null, runQueueMs: null },
        ],
        omittedTasks: 0,
      },
    ],
  })
  return poisoned(result) as Result
}

const render = async (format: string): Promise<string> => {
  const text = reporters[format]?.render(await hostileResult(), { color: false, width: 300 })
  if (text === undefined) throw new Error(`there is no ${format} reporter`)
  return text
}

describe('hostile text', () => {
  test.each(Object.keys(reporters).filter((format) => format !== 'html'))(
    'leaves no control character in %s',
    async (format) => {
      const text = await render(format)
      expect(text).not.toMatch(/(?![\n\r])\p{Cc}/u)
      expect(text).toContain('alert')
    },
  )

  test('in the table is a name like any other', async () => {
    expect(await render('table')).toContain(`${seen}: ${seen}`)
  })

  test('in Markdown is text: no element, no link, no column of its own', async () => {
    const html = new MarkdownIt({ html: true, linkify: true }).render(await render('markdown'))
    const tags = [...html.matchAll(/<\/?([a-z][a-z0-9]*)/gu)].map(([, tag]) => tag)
    const expected = 'h3 p ul li strong table thead tr th tbody td details summary'.split(' ')
    expect([...new Set(tags)].filter((tag) => !expected.includes(tag ?? ''))).toEqual([])
    const text = html
      .replaceAll(/<[^>]*>/gu, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
    expect(text).toContain(seen)
    // Between the tags of a fold, where Markdown's own escapes would be seen.
    const summary = /<summary>(&#60;.*?)<\/summary>/u.exec(html)?.[1] ?? ''
    expect(summary.replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))).toBe(
      seen,
    )
    for (const [, row = ''] of html.matchAll(/<tbody>\s*<tr>(.*?)<\/tr>/gsu))
      expect([4, 6]).toContain(row.match(/<td/gu)?.length)
  })

  test('in CSV is one field that no spreadsheet computes', async () => {
    const rows: Record<string, string>[] = parse(await render('csv'), { columns: true })
    expect(new Set(rows.map(({ workload }) => workload))).toEqual(new Set([seen]))
    for (const row of rows) for (const field of Object.values(row)) expect(field).not.toMatch(/^[=+\-@\t\r]/u)
  })

  test('in JSON is what it was', async () => {
    const { workloads } = JSON.parse(await render('json')) as Result
    expect(workloads?.[0]?.name).toBe(hostile)
  })
})
