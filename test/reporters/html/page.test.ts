/** The page as text: nothing from a result gets out of its place, and large results stay small. */
import { describe, expect, it } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import { version } from '#dist/version.js'
import { fixture } from '../../results/fixture.ts'
import { fullResult, hostileName, largeResult } from './made-up-results.ts'

type Result = Parameters<NonNullable<(typeof reporters)[string]>['render']>[0]
const render = (result: Result): string =>
  reporters['html']?.render(result, { color: false, width: 100 }) ?? ''

const kilobytes = (text: string): number => Buffer.byteLength(text) / 1000

describe('a page', () => {
  it('shows nothing that comes from a result as markup', () => {
    const page = render(fullResult({ name: hostileName }))
    expect(page).not.toMatch(/<img/iu)
    expect(page).not.toContain('\u001B')
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;|=cmd()\\u{1b}[31m')
  })

  it('asks for nothing from elsewhere', () => {
    const page = render(fullResult())
    expect(page).not.toMatch(/(?:src|href|xlink:href)="(?!#)|@import|url\((?!#)|https?:/u)
    expect(page).toContain("default-src 'none'; style-src 'sha256-")
    expect(page.match(/<script/gu)).toHaveLength(1)
    expect(page).not.toMatch(/ (?:style|on\w+)=/u)
  })

  it.each(['default-suite', 'several-worker-counts'] as const)('is made of the result %s', async (name) => {
    const page = render(await fixture(name))
    expect(page).toMatch(/<\/html>\n$/u)
    expect(page).not.toMatch(/NaN|Infinity|\[object/u)
  })

  it('is made of a result with everything in it, and names every chart and table', () => {
    const page = render(fullResult())
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/u)
    const charts = page.match(/role="img"/gu)?.length ?? 0
    expect(charts).toBeGreaterThan(10)
    expect(page.match(/<figure/gu)).toHaveLength(charts)
    expect(page.match(/<summary>Numbers/gu)).toHaveLength(charts)
    const ids = [...page.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id)
    expect(ids).toHaveLength(new Set(ids).size)
    for (const [, reference = ''] of page.matchAll(/aria-labelledby="([^"]+)"/gu))
      for (const id of reference.split(' ')) expect(ids).toContain(id)
  })

  it('tells what is predicted between the sizes, and for elsewhere, where the result does', () => {
    const page = render(fullResult())
    expect(page).toContain('Predicted to overtake serial: threads from about 33,000 on.')
    expect(page).toContain('<h2 id="what-if">What if: 16 cores and a latency of 2.00\u00A0ms</h2>')
    expect(page).toContain('Assumed: 16 cores like those here (2).')
    expect(page).toMatch(/faster than serial from about 21,000 on/u)
    expect(page).toContain('primes: threads ×2')
    const { whatIf: _whatIf, predictedCrossovers: _crossovers, ...rest } = fullResult()
    expect(render(rest)).not.toMatch(/What if|Predicted to overtake/u)
  })

  it('ends with what made it, which may be newer than what measured', () => {
    const { environment, ...rest } = fullResult()
    const footerOf = (boundby: string): string =>
      /<footer><p>(.*)<\/p><\/footer>/u.exec(
        render({ ...rest, environment: { ...environment, boundby } }),
      )?.[1] ?? ''
    expect(footerOf(version)).toMatch(
      new RegExp(
        `^Made by boundby ${version.replaceAll('.', String.raw`\.`)} from a result file; nothing was`,
        'u',
      ),
    )
    expect(footerOf('0.0.1-<b>')).toContain(
      `boundby ${version} from a result file of 0.0.1-&lt;b&gt;; nothing`,
    )
  })

  it('is made of a result with nothing in it', () => {
    const { environment, options } = fullResult()
    const page = render({
      formatVersion: 1,
      environment,
      options,
      cells: [],
      verdicts: [],
      crossovers: [],
      diagnoses: [],
      guidance: [],
    })
    expect(page).toContain('Nothing was decided')
  })

  it('of the default suite with all executors is below 300 KB', () => {
    // Nobody asked it for elsewhere.
    const { whatIf: _whatIf, ...suite } = fullResult()
    expect(kilobytes(render(suite))).toBeLessThan(300)
  })

  it.each([
    ['workloads', { workloads: 625, sizes: 4 }],
    ['sizes', { workloads: 5, sizes: 500 }],
  ])('of 10,000 cells in many %s is below 5 MB, and says what is not drawn', (_, extent) => {
    const page = render(largeResult(extent))
    expect(kilobytes(page)).toBeLessThan(5000)
    expect(page).toMatch(/Drawn are the first|are not drawn/u)
    expect(page).toContain('10,000 cells, in rows')
  })
})
