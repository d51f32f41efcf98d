/** One file that asks for nothing, and may do nothing but show itself. */

import { createHash } from 'node:crypto'
import { markup, Markup } from './markup.ts'
import { script } from './script.ts'
import { patterns } from './states.ts'
import { chartStyle } from './style/charts.ts'
import { pageStyle } from './style/page.ts'

export interface Page {
  readonly title: string
  /** What comes before the main part: the answer, and where to go on. */
  readonly front: Markup
  readonly main: Markup
  /** What made it, of what. */
  readonly footer: string
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

export function documentOf({ title, front, main, footer }: Page): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="boundby">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${patterns}
${front}<main>
${main}</main>
<footer><p>${footer}</p></footer>
<script>${new Markup(script)}</script>
</body>
</html>
`.text
}
