/** Text of unknown origin made harmless in GitHub's Markdown: in a paragraph, a list or a table's cell. */

import { escapeText } from './escape.ts'

/** What begins markup anywhere in a line; a backslash before it makes it a character. */
const markup = /[\\`*_{}[\]()#+!|~$-]/gu

/** One line: no markup, no HTML, no mention, no link, no end of a cell. */
export function escapeMarkdown(text: string): string {
  return escapeText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(markup, String.raw`\$&`)
    .replace(/@|:\/\//gu, (found) => (found === '@' ? '&#64;' : '&#58;//'))
}

/** The same between HTML tags of Markdown, where a backslash would be seen. */
export function escapeMarkdownHtml(text: string): string {
  return escapeText(text).replace(/[&<>@:]/gu, (character) => `&#${character.charCodeAt(0)};`)
}
