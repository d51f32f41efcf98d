/** A comparison as a page: the answer, what changed, and how far it can be trusted. */

import type { Comparison } from '../../analysis/comparison.ts'
import { evidence, findings, headline } from '../../analysis/comparison/sentences.ts'
import { version } from '../../version.ts'
import { documentOf } from '../html/document.ts'
import { figure } from '../html/figure.ts'
import { markup } from '../html/markup.ts'
import type { Markup } from '../html/markup.ts'
import { prose } from '../html/prose.ts'
import { escapeStrings } from '../escape.ts'
import { changesChart } from './changes-chart.ts'
import type { ComparisonReporter } from './reporter.ts'

const list = (points: readonly string[]): Markup | null =>
  points.length === 0
    ? null
    : markup`<ul class="found">${points.map((point) => markup`<li>${prose(point)}</li>`)}</ul>`

function render(given: Comparison): string {
  const comparison = escapeStrings(given)
  const chart = changesChart(comparison)
  const answer = headline(comparison)
  const trust = list(evidence(comparison))
  return documentOf({
    title: `boundby compare: ${answer}`,
    front: markup`<header><p class="brand">boundby <span>compare</span></p><h1>${answer}</h1>${list(findings(comparison))}</header>\n`,
    main: markup`<section aria-labelledby="cells"><h2 id="cells">What changed</h2>${chart === null ? markup`<p>No cell can be compared.</p>` : figure(chart)}</section>\n${trust === null ? null : markup`<section aria-labelledby="trust"><h2 id="trust">How far to trust it</h2>${trust}</section>\n`}`,
    footer: `Made by boundby ${version} from ${comparison.by === 'turns' ? 'one run of both versions' : 'two result files; nothing was measured again for it'}.`,
  })
}

export const comparisonHtml: ComparisonReporter = {
  summary: 'a page with a chart, in one file that works offline',
  render,
}
