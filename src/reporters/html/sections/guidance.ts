/** The tutorial's sentences put to the test: each claim with its outcome, Node beside CPython. */

import { shownRuntime } from '../../../analysis/runtime.ts'
import type { Guidance } from '../../../results/schema.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { prose } from '../prose.ts'
import type { View } from '../view.ts'

interface Finding {
  readonly runtime: string
  readonly outcome: string
  readonly evidence: string | null
  readonly reason: string | null
}

interface Claim {
  readonly claim: string
  readonly findings: readonly Finding[]
}

const glyphs: Readonly<Record<string, string>> = {
  holds: '✓',
  refuted: '✗',
  undecided: '?',
  'not tested': '–',
}

export function guidanceSection(view: View): Markup | null {
  const claims = claimsOf(view)
  if (claims.length === 0) return null
  return markup`<section aria-labelledby="guidance"><h2 id="guidance">The tutorial's rules, put to the test</h2><div class="claims">${claims.map(
    ({ claim, findings }) =>
      markup`<div class="claim"><h3>${claim}</h3><div class="findings">${findings.map(findingMarkup)}</div></div>\n`,
  )}</div></section>\n`
}

function findingMarkup({ runtime, outcome, evidence, reason }: Finding): Markup {
  const known = Object.hasOwn(glyphs, outcome) ? outcome.replace(' ', '-') : 'other'
  return markup`<div class="finding"><p class="runtime">${runtime}</p><p class="outcome o-${known}"><b class="glyph">${glyphs[outcome] ?? '·'}</b>${outcome}</p>${evidence === null ? null : markup`<p>${prose(asSentence(evidence))}</p>`}${reason === null ? null : markup`<p class="reason">${prose(reason)}</p>`}</div>`
}

/** Evidence comes as a clause. */
function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/u.test(text) ? '' : '.'}`
}

/** A control tests no claim. */
function claimsOf({ result }: View): readonly Claim[] {
  if (result.options.control === true) return []
  const claims = new Map<string, Guidance[]>()
  for (const entry of result.guidance) {
    const key = entry.id ?? entry.claim
    claims.set(key, [...(claims.get(key) ?? []), entry])
  }
  return [...claims.values()].map((entries) => ({
    claim: entries[0]?.claim ?? '',
    findings: entries
      .map(({ runtime, outcome, evidence = null, reason = null }) => ({
        runtime: shownRuntime(runtime),
        outcome,
        evidence,
        reason,
      }))
      .toSorted((a, b) => Number(b.runtime.startsWith('Node')) - Number(a.runtime.startsWith('Node'))),
  }))
}
