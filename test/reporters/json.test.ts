/** The JSON reporter: the result, whole, and safe to print. */

import { expect, test } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import { fixture } from '../results/fixture.ts'

test('what it prints is the result', async () => {
  const result = { ...(await fixture('default-suite')), note: '\u{9b}31m \u{202e} "quoted"' }
  const text = reporters['json']?.render(result, { color: false, width: 80 }) ?? ''
  expect(JSON.parse(text)).toEqual(result)
  expect(text).not.toContain('\u{9b}')
  expect(text.endsWith('}\n')).toBe(true)
})
