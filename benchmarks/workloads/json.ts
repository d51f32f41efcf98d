/** CPU-bound in the engine's own native code, from text to text. */

import { defineWorkload } from 'boundby'
import { readMediaTypes } from '../data/media-types.ts'
import { splitRange } from '../data/ranges.ts'

/** The same JSON without white space. */
export function minify(text: string): string {
  return JSON.stringify(JSON.parse(text))
}

export default defineWorkload({
  name: 'json',
  summary: 'Parses a database of media types and writes it again without white space',
  source: 'JSON.parse and JSON.stringify over mime-db, the media types known to IANA, Apache and nginx',
  expects: 'cpu',
  module: import.meta.url,
  task: minify,
  sizes: [3e2, 3e3, 3e4, 3e5],
  defaultSizes: [],
  inputs: (size, { mediaTypes }) =>
    splitRange(size, 100).map(({ from, to }) => {
      const documents = Array.from(
        { length: to - from },
        (_, index) => mediaTypes[(from + index) % mediaTypes.length],
      )
      return JSON.stringify(documents, null, 2)
    }),
  setup: () => ({ mediaTypes: readMediaTypes() }),
})
