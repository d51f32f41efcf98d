/** The screenshots of the README, from a result: `npm run screenshots [RESULT]`, by default that of `npm run bench`. */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { reporters } from '#dist/reporters/index.js'
import { readResult } from '#dist/results/file.js'
import { launchChromium } from './chromium.ts'

const folder = 'docs/images'
const page = { width: 1240, margin: 20 }

/** From the top of one element to the bottom of another. */
async function shoot(shown: Page, name: string, from: string, to: string): Promise<void> {
  const boxes = await Promise.all([from, to].map((place) => shown.locator(place).first().boundingBox()))
  const [first, last] = boxes
  if (!first || !last) throw new Error(`${name}: the page has no ${from} or no ${to}.`)
  const top = Math.max(0, first.y - page.margin)
  const path = join(folder, `${name}.png`)
  await shown.screenshot({
    path,
    fullPage: true,
    clip: { x: 0, y: top, width: page.width, height: last.y + last.height + page.margin - top },
  })
  process.stdout.write(`${path}: ${Math.round((await stat(path)).size / 1000)} KB\n`)
}

const result = await readResult(process.argv[2] ?? 'results/latest.json')
const temporary = await mkdtemp(join(tmpdir(), 'boundby-screenshots-'))
const browser = await launchChromium()
try {
  await mkdir(folder, { recursive: true })
  const file = join(temporary, 'report.html')
  await writeFile(file, reporters['html']?.render(result, { color: false, width: 100 }) ?? '')
  for (const [name, colorScheme, from, to] of [
    ['report', 'light', '.brand', '.charts.wide'],
    ['workload', 'dark', 'article:has(.lanes) .charts', 'article:has(.lanes) > figure .plot'],
  ] as const) {
    const shown = await browser.newPage({ viewport: { width: page.width, height: 900 }, colorScheme })
    await shown.goto(pathToFileURL(file).href)
    await shoot(shown, name, from, to)
  }
} finally {
  await browser.close()
  await rm(temporary, { recursive: true })
}
