/** The page in a real browser, opened from disk: complete, readable, harmless, and silent. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareResults } from '#dist/analysis/comparison.js'
import { comparisonReporters } from '#dist/reporters/comparison/index.js'
import { reporters } from '#dist/reporters/index.js'
import { launchChromium, whyNoChromium } from './chromium.ts'
import { fullResult, hostileName } from './made-up-results.ts'

let folder: string
let browser: Browser
let ordinary: string
let hostile: string

async function pageFile(name: string, result: ReturnType<typeof fullResult>): Promise<string> {
  const path = join(folder, `${name}.html`)
  await writeFile(path, reporters['html']?.render(result, { color: false, width: 100 }) ?? '')
  return pathToFileURL(path).href
}

/** A page, and everything that it said, asked for or did of itself. */
async function open(url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const heard: string[] = []
  page.on('console', (message) => heard.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (request.url() !== url) heard.push(`request: ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  return { page, heard, [Symbol.asyncDispose]: () => context.close() }
}

const unfold = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })

const placesOf = (page: Page, selector: string): Promise<{ left: number; right: number }[]> =>
  page.locator(selector).evaluateAll((elements) =>
    elements.map((element) => {
      const { left, right } = element.getBoundingClientRect()
      return { left, right }
    }),
  )

/** What sticks out of the page, by its text or its kind. */
const stickingOut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth
    const outside = (element: Element): boolean => {
      const { left, right } = element.getBoundingClientRect()
      return left < -0.5 || right > room + 0.5
    }
    const shown = [...document.querySelectorAll('h1,h2,h3,p,li,figure,svg[role=img],.plot > svg > text')]
    return [
      ...(document.documentElement.scrollWidth > room ? ['the page'] : []),
      ...shown.filter(outside).map((element) => element.textContent.slice(0, 60) || element.tagName),
    ]
  })

beforeAll(async () => {
  if (whyNoChromium !== null) return
  folder = await mkdtemp(join(tmpdir(), 'boundby-html-'))
  browser = await launchChromium()
  ordinary = await pageFile('ordinary', fullResult({ only: ['http-get', 'primes'] }))
  hostile = await pageFile('hostile', fullResult({ name: hostileName, only: ['http-get'] }))
})
afterAll(async () => {
  if (whyNoChromium !== null) return
  await browser.close()
  await rm(folder, { recursive: true })
})

describe.skipIf(whyNoChromium !== null)(
  `a page in Chromium${whyNoChromium === null ? '' : ` (${whyNoChromium})`}`,
  () => {
    // Each two of the three choices meet.
    it.each([
      { width: 375, colorScheme: 'light', javaScriptEnabled: true },
      { width: 375, colorScheme: 'dark', javaScriptEnabled: false },
      { width: 1440, colorScheme: 'light', javaScriptEnabled: false },
      { width: 1440, colorScheme: 'dark', javaScriptEnabled: true },
    ] as const)('shows every chart: %o', async ({ width, colorScheme, javaScriptEnabled }) => {
      await using opened = await open(ordinary, {
        viewport: { width, height: 900 },
        colorScheme,
        javaScriptEnabled,
      })
      const { page, heard } = opened
      const boxes = await page.evaluate(() =>
        [...document.querySelectorAll('svg[role=img]')].map((chart) => {
          const { width: wide, height } = chart.getBoundingClientRect()
          return { wide, height, isVisible: chart.checkVisibility({ visibilityProperty: true }) }
        }),
      )
      expect(boxes.length).toBeGreaterThan(10)
      for (const { wide, height, isVisible } of boxes) {
        expect(wide).toBeGreaterThan(200)
        expect(height).toBeGreaterThan(50)
        expect(isVisible).toBe(true)
      }
      expect(await stickingOut(page)).toEqual([])
      expect(
        await page
          .locator('.m')
          .first()
          .evaluate((mark) => mark.textContent),
      ).not.toBe('')
      expect(heard).toEqual([])
    })

    it.each([
      { width: 1440, colorScheme: 'light' },
      { width: 375, colorScheme: 'dark' },
    ] as const)('has no serious violation of accessibility: %o', async ({ width, colorScheme }) => {
      await using opened = await open(ordinary, { viewport: { width, height: 900 }, colorScheme })
      const { page } = opened
      await unfold(page)
      await page.evaluate(axe.source)
      const { violations } = await page.evaluate(() =>
        // What passes is not wanted, and is most of the work.
        (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
      )
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(
        serious.map(({ id, nodes }) => ({ id, where: nodes.slice(0, 3).map(({ html }) => html) })),
      ).toEqual([])
    })

    it('shows a hostile name as text, and does nothing else with it', async () => {
      await using opened = await open(hostile)
      const { page, heard } = opened
      await unfold(page)
      expect(await page.locator('img, iframe, object, a[href^="javascript"]').count()).toBe(0)
      expect(await page.locator('script').count()).toBe(1)
      expect(await page.locator('h3').first().textContent()).toContain('<img src=x onerror=alert(1)>|=cmd()')
      expect(heard).toEqual([])
    })

    it.each([
      ['ordinary', 'file-read'],
      ['wide', 'W'.repeat(300)],
      ['hostile', hostileName],
    ])('keeps a comparison within its drawing whatever a workload is called: %s', async (file, name) => {
      const result = fullResult({ name, only: ['file-read', 'http-get', 'primes'] })
      const slower = {
        ...result,
        cells: result.cells.map((cell, index) => ({
          ...cell,
          launches: cell.launches.map((launch) => launch.map((ms) => ms * (index % 3 === 0 ? 1.3 : 0.9))),
        })),
      }
      const options = { margin: 0.05, failOn: [], acrossEnvironments: false } as const
      const text = comparisonReporters['html']?.render(compareResults(result, slower, options), {
        color: false,
        width: 100,
      })
      const path = join(folder, `compare-${file}.html`)
      await writeFile(path, text ?? '')
      await using opened = await open(pathToFileURL(path).href, { viewport: { width: 375, height: 900 } })
      const { page, heard } = opened
      expect(await stickingOut(page)).toEqual([])
      const [box] = await placesOf(page, '.plot > svg')
      const rows = await placesOf(page, 'svg .cell')
      const ticks = await placesOf(page, 'svg .grid text')
      expect(rows.length).toBeGreaterThan(10)
      for (const row of rows) expect(row.left).toBeGreaterThan((box?.left ?? 0) - 1)
      const inOrder = ticks.toSorted((a, b) => a.left - b.left)
      for (const [index, tick] of inOrder.entries())
        expect(tick.right).toBeLessThan(inOrder[index + 1]?.left ?? Number.POSITIVE_INFINITY)
      expect(heard).toEqual([])
    })

    it('runs no other script, even if one got in', async () => {
      await using opened = await open(ordinary)
      const { page } = opened
      const isRun = await page.evaluate(() => {
        const script = document.createElement('script')
        script.textContent = 'globalThis.gotIn = true'
        document.body.append(script)
        const image = document.createElement('div')
        image.innerHTML = '<img src="x" onerror="globalThis.gotIn = true">'
        document.body.append(image)
        return new Promise((resolve) => setTimeout(() => resolve('gotIn' in globalThis), 50))
      })
      expect(isRun).toBe(false)
    })

    it('tells the numbers on hovering and on the keyboard', async () => {
      await using opened = await open(ordinary, { viewport: { width: 1440, height: 900 } })
      const { page } = opened
      const tip = page.locator('#tip')
      const chart = page.locator('.plot', { has: page.locator('#w2-speed-0-t') })
      await chart.scrollIntoViewIfNeeded()
      const box = await chart.locator('.hit').first().boundingBox()
      await page.mouse.move((box?.x ?? 0) + 9, (box?.y ?? 0) + 9)
      await expect
        .poll(() => tip.textContent())
        .toMatch(/^event-loop ×16 at 1,000: .*× as fast as serial \(.* to .*\)/u)
      await page.mouse.move(0, 0)
      await expect.poll(() => tip.isVisible()).toBe(false)

      await chart.evaluate((plot) => (plot as HTMLElement).focus())
      // Focus by a script shows nothing to a mouse; a key does.
      await page.keyboard.press('End')
      await expect.poll(() => tip.textContent()).toMatch(/^processes ×2 at 1,000,000: /u)
      await page.keyboard.press('ArrowLeft')
      await expect.poll(() => tip.textContent()).toMatch(/^processes ×2 at 100,000: /u)
      await page.keyboard.press('Escape')
      await expect.poll(() => tip.isVisible()).toBe(false)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Shift+Tab')
      await expect.poll(() => tip.isVisible()).toBe(true)
    })
  },
)
