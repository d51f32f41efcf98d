/** The page of a result: the answer first, then why. */

import type { Result } from '../../results/schema.ts'
import { version } from '../../version.ts'
import type { Reporter } from '../reporter.ts'
import { documentOf } from './document.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { answer } from './sections/answer.ts'
import { reproduceSection, warningsSection } from './sections/background.ts'
import { everyCell } from './sections/every-cell.ts'
import { guidanceSection } from './sections/guidance.ts'
import { overview } from './sections/overview.ts'
import { whatIfSection } from './sections/what-if.ts'
import { workloadSection } from './sections/workload.ts'
import { viewOf } from './view.ts'
import type { View } from './view.ts'

export const htmlReporter: Reporter = {
  summary: 'a page with charts, in one file that works offline',
  render: renderPage,
}

function renderPage(result: Result): string {
  const measuredBy = result.environment.boundby
  const source = measuredBy === version ? 'a result file' : `a result file of ${measuredBy}`
  const view = viewOf(result)
  const sections = [
    overview(view),
    workloadSections(view),
    whatIfSection(view),
    guidanceSection(view),
    warningsSection(view),
    reproduceSection(view),
    everyCell(view),
  ]
  return documentOf({
    title: `boundby: ${view.headline.text}`,
    front: markup`${answer(view)}${contents(view)}`,
    main: markup`${sections}`,
    footer: `Made by boundby ${version} from ${source}; nothing was measured again for it. The numbers of every chart are in the table below it.`,
  })
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
