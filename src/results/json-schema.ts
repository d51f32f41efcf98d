/** Build step: writes `result.schema.json`, published with the package, from the schema that reading uses. */

import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { plainSchema } from './schema/list.ts'
import { resultSchema } from './schema.ts'

function jsonSchemaOf(schema: z.core.$ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable({ zodSchema }) {
      const plain = plainSchema(zodSchema)
      return plain === undefined ? 'any' : jsonSchemaOf(plain)
    },
  })
  return jsonSchema
}

const jsonSchema = {
  title: 'boundby result file, formatVersion 1',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...jsonSchemaOf(resultSchema),
}
await writeFile(
  new URL('./result.schema.json', import.meta.url),
  `${JSON.stringify(jsonSchema, undefined, 2)}\n`,
)
