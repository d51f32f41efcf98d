/** The page: one file that asks for nothing, and may do nothing but show itself. */

import { createHash } from 'node:crypto'
import type { Result } from '../../results/schema.ts'
import type { Reporter } from '../reporter.ts'
import { markup, Markup } from './markup.ts'
import { script } from './script.ts'
import { answer } from './sections/answer.ts'
import { reproduceSection, warningsSection } from './sections/background.ts'
import { everyCell } from './sections/every-cell.ts'
import { guidanceSection } from './sections/guidance.ts'
import { overview } from './sections/overview.ts'
import { workloadSection } from './sections/workload.ts'
import { patterns } from './states.ts'
import { chartStyle } from './style/charts.ts'
import { pageStyle } from './style/page.ts'
import { viewOf } from './view.ts'
import type { View } from './view.ts'

export const htmlReporter: Reporter = {
  summary: 'a page with charts, in one file that works offline',
  render: renderPage,
}

const style = `${pageStyle}${chartStyle}`
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
/** Only our own style and script, told by their hashes: what a result brings in could do nothing even if it got in. */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function renderPage(result: Result): string {
  const view = viewOf(result)
  const sections = [
    overview(view),
    workloadSections(view),
    guidanceSection(view),
    warningsSection(view),
    reproduceSection(view),
    everyCell(view),
  ]
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="boundby">
<title>${`boundby: ${view.headline.text}`}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${patterns}
${answer(view)}${contents(view)}<main>
${sections}</main>
<footer><p>Made by boundby ${result.environment.boundby} from a result file; nothing was measured again for it. The numbers of every chart are in the table below it.</p></footer>
<script>${new Markup(script)}</script>
</body>
</html>
`.text
}

function workloadSections(view: View): Markup | null {
  if (view.drawn.length === 0) return null
  return markup`<section aria-labelledby="workloads"><h2 id="workloads">Workload by workload</h2>
${view.drawn.map((workload, index) => workloadSection(view, workload, index))}</section>
`
}

function contents({ drawn }: View): Markup | null {
  if (drawn.length < 2) return null
  return markup`<nav aria-label="Workloads"><ul>${drawn.map(
    ({ name, control }, index) =>
      markup`<li><a href="#w${index + 1}">${control === null ? name : `${name}, ${control}`}</a></li>`,
  )}</ul></nav>\n`
}
