/** Mixed: waits for an answer, then works on it. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineWorkload } from 'boundby'
import { readMediaTypes, type MediaType } from '../data/media-types.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../data/temporary-folder.ts'
import { getText } from '../servers/http-client.ts'
import { startHttpServer, stopHttpServer } from '../servers/http-server.ts'

/** Fetches a list of media types; answers the hundred most frequent trigrams of their names. */
export async function fetchAndParse(url: string): Promise<[trigram: string, count: number][]> {
  const mediaTypes = JSON.parse(await getText(url)) as MediaType[]
  const counts = new Map<string, number>()
  for (const { name } of mediaTypes)
    for (let index = 0; index + 3 <= name.length; index++) {
      const trigram = name.slice(index, index + 3)
      counts.set(trigram, (counts.get(trigram) ?? 0) + 1)
    }
  return [...counts].toSorted(([left, m], [right, n]) => n - m || (left < right ? -1 : 1)).slice(0, 100)
}

export default defineWorkload({
  name: 'fetch-and-parse',
  summary: 'Fetches JSON from a web server that takes 20 ms, parses it and counts trigrams',
  source: 'An API client that indexes for a text search; the document is mime-db',
  expects: 'mixed',
  module: import.meta.url,
  task: fetchAndParse,
  sizes: [1, 3, 10, 100, 1000],
  defaultSizes: [1, 10],
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
