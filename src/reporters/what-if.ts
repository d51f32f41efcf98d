/** What is predicted for a machine or a service that is not here, for the terminal. */

import { describeChange, describeWhatIf } from '../analysis/what-if-sentences.ts'
import type { Result } from '../results/schema.ts'
import type { Style } from './style.ts'

/** Null where nobody asked. */
export function renderWhatIf({ whatIf }: Result, style: Style): string | null {
  if (whatIf === undefined) return null
  const title = `What if: ${describeChange(whatIf.change)}, predicted from the serial runs`
  return [
    style.paragraph(style.paint('title', title)),
    ...whatIf.assumptions.map((text) =>
      style.paragraph(style.paint('quiet', `Assumed: ${text}.`), { bullet: '  ' }),
    ),
    ...describeWhatIf(whatIf).map((text) => style.paragraph(text, { bullet: '  - ' })),
  ].join('\n')
}
