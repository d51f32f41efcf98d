/** Build step: writes `result.schema.json`, published with the package, from the schema that reading uses. */

import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { resultSchema } from './schema.ts'

const jsonSchema = {
  title: 'boundby result file, formatVersion 1',
  ...z.toJSONSchema(resultSchema, { io: 'input', unrepresentable: 'any' }),
}
await writeFile(
  new URL('./result.schema.json', import.meta.url),
  `${JSON.stringify(jsonSchema, undefined, 2)}\n`,
)
