/** What comes from a file is seen, in the terminal and in Markdown, and never obeyed. */

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeJson, escapeStrings, escapeText } from '#dist/reporters/escape.js'
import { escapeMarkdown, escapeMarkdownHtml } from '#dist/reporters/markdown-escape.js'

const harmless = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]*$/u

test.each([
  ['\u{1b}[31mred', String.raw`\u{1b}[31mred`],
  ['\u{9b}31m', String.raw`\u{9b}31m`],
  ['a\u{202e}b', String.raw`a\u{202e}b`],
  ['two\r\n\tlines', 'two lines'],
  ['a\u{2028}b', String.raw`a\u{2028}b`],
  ['lone \ud800', String.raw`lone \u{d800}`],
  ['grüße 中文 ×', 'grüße 中文 ×'],
])('%j', (text, shown) => {
  expect(escapeText(text)).toBe(shown)
})

test('no text keeps a character that a terminal obeys', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => harmless.test(escapeText(text))))
})

test('no text keeps what begins HTML, a mention or a link in Markdown', () => {
  const unit = fc.constantFrom('<', '>', '@', '://', '&', 'div', ' ', '\n')
  fc.assert(
    fc.property(fc.string({ unit }), (text) => !/[<>@\n]|:\/\/|&(?!\w+;|#\d+;)/u.test(escapeMarkdown(text))),
  )
  fc.assert(fc.property(fc.string({ unit }), (text) => !/[<>@\n]|:\/\//u.test(escapeMarkdownHtml(text))))
})

test('every string of a value is escaped, the rest is as it was', () => {
  const value = { a: ['\u{7}', 1, null, { b: '\u{1b}' }], c: true }
  expect(escapeStrings(value)).toEqual({
    a: [String.raw`\u{7}`, 1, null, { b: String.raw`\u{1b}` }],
    c: true,
  })
})

test('JSON keeps its meaning', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const json = escapeJson(JSON.stringify(value, undefined, 1))
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(json.replaceAll('\n', '')).toMatch(harmless)
    }),
  )
})
