/** The JSON Schema that is published says what reading says. */

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
// The import is the build step: it writes the file.
import '#dist/results/json-schema.js'
import { fixture } from './fixture.ts'

test('it takes the example results and refuses what reading refuses', async () => {
  const text = await readFile(new URL('../../dist/results/result.schema.json', import.meta.url), 'utf8')
  const published = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0])
  for (const name of ['default-suite', 'several-worker-counts'] as const) {
    const result = await fixture(name)
    expect(published.safeParse(result).success).toBe(true)
    expect(published.safeParse({ ...result, future: 1 }).success).toBe(true)
    expect(published.safeParse({ ...result, formatVersion: 2 }).success).toBe(false)
    expect(published.safeParse({ ...result, cells: [{}] }).success).toBe(false)
    expect(published.safeParse({ ...result, verdicts: undefined }).success).toBe(false)
  }
})
