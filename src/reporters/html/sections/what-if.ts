/** What is predicted for a machine or a service that is not here, and what is assumed for it. */

import { describeChange, describeWhatIf } from '../../../analysis/what-if-sentences.ts'
import { whatIfChart } from '../charts/what-if.ts'
import { figure } from '../figure.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { prose } from '../prose.ts'
import type { View } from '../view.ts'

/** Null where nobody asked. */
export function whatIfSection({ result: { whatIf } }: View): Markup | null {
  if (whatIf === undefined) return null
  const title = `What if: ${describeChange(whatIf.change)}`
  const chart = whatIfChart('what-if-chart', whatIf, title)
  return markup`<section aria-labelledby="what-if"><h2 id="what-if">${prose(title)}</h2><p>Nothing of it was measured: it is predicted from the serial runs here, and holds as far as what is assumed does.</p><ul class="found">${whatIf.assumptions.map((text) => markup`<li class="t-assumption">${prose(`Assumed: ${text}.`)}</li>`)}${describeWhatIf(whatIf).map((text) => markup`<li>${prose(text)}</li>`)}</ul>${chart === null ? null : figure(chart)}</section>\n`
}
