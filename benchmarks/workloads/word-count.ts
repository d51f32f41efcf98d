/** CPU-bound with little arithmetic a byte: whether a pool pays hangs on what it costs to move the text. */

import { defineWorkload } from 'boundby'
import { splitRange } from '../data/ranges.ts'
import { cutLines, readText } from '../data/text.ts'

const space = 0x20
const lineFeed = 0x0a
const tab = 0x09

/** How many words, parted by blanks, tabs or line ends, a text has. */
export function countWords(text: string): number {
  let words = 0
  let inWord = false
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const blank = unit === space || unit === lineFeed || unit === tab
    if (!blank && !inWord) words++
    inWord = !blank
  }
  return words
}

export default defineWorkload({
  name: 'word-count',
  summary: 'Counts the words of a large text: little arithmetic a byte, so moving the text decides',
  source: 'As the POSIX utility `wc -w` does; the text is the TypeScript sources of zod',
  expects: 'cpu',
  module: import.meta.url,
  task: countWords,
  sizes: [1e4, 1e5, 1e6, 1e7, 1e8],
  defaultSizes: [1e4, 1e6, 1e7],
  inputs: (size, { text }) => {
    const decoder = new TextDecoder()
    return cutLines(text, splitRange(size, 1e4)).map((part) => decoder.decode(part))
  },
  checksum: (counts) => `${counts.reduce((sum, count) => sum + count, 0)} words`,
  setup: () => ({ text: readText() }),
})
