/** Real JSON: the database of media types (mime-db), which most web servers carry. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { WorkloadUnavailableError } from 'boundby'

/** One media type; the source names who registered it. */
export interface MediaType {
  readonly name: string
  readonly source?: string
  readonly charset?: string
  readonly compressible?: boolean
  readonly extensions?: readonly string[]
}

/**
 * Some 2,500 media types, in the order of the database.
 * @throws WorkloadUnavailableError if it is not installed.
 */
export function readMediaTypes(): MediaType[] {
  try {
    const path = createRequire(import.meta.url).resolve('mime-db/db.json')
    const database = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Omit<MediaType, 'name'>>
    return Object.entries(database).map(([name, properties]) => Object.assign({ name }, properties))
  } catch (error) {
    throw new WorkloadUnavailableError(
      'The package `mime-db` serves as JSON and cannot be read; run `npm install mime-db`.',
      { cause: error },
    )
  }
}
