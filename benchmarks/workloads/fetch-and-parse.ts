/** Mixed: waits for an answer, then works on it. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineWorkload } from 'boundby'
import { readMediaTypes, type MediaType } from '../data/media-types.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../data/temporary-folder.ts'
import { getText } from '../servers/http-client.ts'
import { startHttpServer, stopHttpServer } from '../servers/http-server.ts'

/** Fetches a list of media types; answers how many each word of their names occurs in, most frequent first. */
export async function fetchAndParse(url: string): Promise<[word: string, count: number][]> {
  const mediaTypes = JSON.parse(await getText(url)) as MediaType[]
  const counts = new Map<string, number>()
  for (const { name } of mediaTypes)
    for (const word of new Set(name.split(/[^a-z0-9]+/u))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].toSorted(([left, m], [right, n]) => n - m || (left < right ? -1 : 1)).slice(0, 100)
}

export default defineWorkload({
  name: 'fetch-and-parse',
  summary: 'Fetches JSON from a web server that takes 20 ms, parses it and counts words',
  source: 'The API client of every other program; the document is mime-db',
  expects: 'mixed',
  module: import.meta.url,
  task: fetchAndParse,
  sizes: [1, 4, 16, 64, 256, 1024],
  defaultSizes: [1, 4, 16],
  inputs: (size, { server }) => Array.from({ length: size }, (_, id) => `${server.origin}/${id}`),
  setup: () =>
    makeTemporaryFolder('fetch-and-parse', async (folder) => {
      const document = join(folder, 'media-types.json')
      await writeFile(document, JSON.stringify(readMediaTypes()))
      return { server: await startHttpServer(document) }
    }),
  teardown: async ({ folder, server }) => {
    await stopHttpServer(server)
    await removeTemporaryFolder({ folder })
  },
})
