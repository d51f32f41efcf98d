/** The report for a pull request, rendered as GitHub would and read for its meaning. */
import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import type { Result } from '../../src/results/schema.ts'
import { cell, fixture, resultOf, verdict } from '../results/fixture.ts'

/** HTML is passed through, as GitHub does before it sanitizes. */
const markdown = new MarkdownIt({ html: true })
const mostBytes = 65_536

function source(result: Result): string {
  const text = reporters['markdown']?.render(result, { color: false, width: 80 })
  if (text === undefined) throw new Error('there is no Markdown reporter')
  return text
}

const rendered = (result: Result): string => markdown.render(source(result))
const decode = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/gu, ' ')

/** What a reader sees without unfolding anything, in order. */
const unfolded = (html: string): string => decode(html.replaceAll(/<details>.*?<\/details>/gsu, ''))

describe('the Markdown report', () => {
  test('begins with the answer, and what was not as expected', async () => {
    const seen = unfolded(rendered(await fixture('default-suite')))
    const places = [
      'boundby: Of',
      '❌ Failed',
      '❗ Not as expected',
      '❔ Undecided',
      'workload bound by',
    ].map((text) => seen.indexOf(text))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(seen).toContain('word-count at 1,048,576')
  })

  test('tells failures once, with their place, before everything else', async () => {
    const error = { name: 'RangeError', message: 'no *such* | file', location: 'mine.ts:3' }
    const seen = unfolded(
      rendered(
        await resultOf({
          cells: [
            cell({ executor: 'serial' }),
            ...['threads', 'processes'].map((executor) => cell({ executor, error })),
          ],
          verdicts: [verdict({ kind: 'undecided', executors: ['serial'] })],
        }),
      ),
    )
    expect(seen).toContain('w: RangeError: no *such* | file (mine.ts:3), 2 cells')
    expect(seen.indexOf('❌ Failed')).toBeLessThan(seen.indexOf('❔ Undecided'))
  })

  test('folds a table a workload: a row a size, a column an arm, the winner marked', async () => {
    const html = rendered(await fixture('default-suite'))
    const [, primes = ''] = /<summary>primes<\/summary>(.*?)<\/details>/su.exec(html) ?? []
    expect(primes).toMatch(/<tr>\s*<th[^>]*>size<\/th>\s*<th[^>]*>serial<\/th>/u)
    expect(primes).toContain('<strong>✓ 317 ms (1.93×)</strong>')
    expect(primes).toMatch(/<td[^>]*>1,000,000<\/td>/u)
    expect(html.match(/<details>/gu)?.length).toBe(html.match(/<\/details>/gu)?.length)
  })

  test('tells of refuted claims, with the numbers', async () => {
    const claim = {
      claim: 'Threads win',
      runtime: 'node',
      outcome: 'refuted',
      evidence: 'it was 2× slower',
    } as const
    const seen = unfolded(
      rendered(await resultOf({ cells: [cell({ executor: 'serial' })], guidance: [claim] })),
    )
    expect(seen).toContain('"Threads win" is refuted in Node: it was 2× slower')
  })

  test('of a default run is short; of ten thousand cells it fits into a comment and says what it leaves out', async () => {
    expect(Buffer.byteLength(source(await fixture('default-suite')))).toBeLessThan(mostBytes)
    const executors = ['serial', 'event-loop', 'threads', 'processes']
    const workloads = Array.from({ length: 250 }, (_, index) => `w${index}`)
    const sizes = Array.from({ length: 10 }, (_, index) => 10 * 2 ** index)
    const result = await resultOf({
      workloads: workloads.map((name) => ({
        name,
        summary: 's',
        expects: 'cpu',
        file: 'f',
        bundleSha256: '',
      })),
      cells: workloads.flatMap((workload) =>
        sizes.flatMap((size) => executors.map((executor) => cell({ workload, size, executor, workers: 2 }))),
      ),
      verdicts: workloads.flatMap((workload) =>
        sizes.map((size) => verdict({ workload, size, kind: 'undecided', executors })),
      ),
    })
    const text = source(result)
    expect(Buffer.byteLength(text)).toBeLessThan(mostBytes)
    expect(text).toMatch(/parts of this report would not fit/u)
    expect(text).toContain('The machine, and how to repeat this')
  })
})
