/** Result files: what is written comes back, and whatever else is read gives one clear sentence. */

import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile, lstat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ResultFileError } from '#dist/errors.js'
import { checkWritable, readResult, writeResult } from '#dist/results/file.js'
import { fixture, fixturePath } from './fixture.ts'

/** BOUNDBY_MUTATIONS=10000 tries as many damaged files. */
const numRuns = Number(process.env['BOUNDBY_MUTATIONS'] ?? 300)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-results-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** The message of the error with which reading this text fails. */
async function refusal(text: string): Promise<string> {
  const path = join(folder, 'given.json')
  await writeFile(path, text)
  return readResult(path).then(
    () => 'read without complaint',
    (error: unknown) => {
      expect(error).toBeInstanceOf(ResultFileError)
      const { message } = error as Error
      expect(message).toContain(path)
      expect(message).toMatch(/^[\x20-\x7e]+$/u)
      return message
    },
  )
}

describe('what is written comes back', () => {
  test.each(['default-suite', 'several-worker-counts'] as const)('%s', async (name) => {
    const result = await fixture(name)
    const path = join(folder, 'new folder', 'result.json')
    await writeResult(path, result)
    expect(await readResult(path)).toEqual(result)
    expect(await readdir(join(folder, 'new folder'))).toEqual(['result.json'])
  })

  test('fields that this version does not know, at every level', async () => {
    const result = await fixture('default-suite')
    const [first, ...others] = result.cells
    const extended = {
      ...result,
      future: { nested: [1] },
      environment: { ...result.environment, future: true },
      cells: [{ ...first, future: 'x' }, ...others],
    }
    const path = join(folder, 'result.json')
    await writeFile(path, JSON.stringify(extended))
    const read = await readResult(path)
    expect(read).toEqual(extended)
    await writeResult(path, read)
    expect(await readResult(path)).toEqual(extended)
  })

  test('one entry stands on one line, for diffs', async () => {
    const result = await fixture('default-suite')
    const path = join(folder, 'result.json')
    await writeResult(path, result)
    const lines = (await readFile(path, 'utf8')).split('\n')
    expect(lines.filter((line) => line.includes('"launches":')).length).toBeGreaterThanOrEqual(
      result.cells.length,
    )
    expect(lines.filter((line) => line.trim().startsWith('"medianMs"'))).toEqual([])
  })

  test('a byte order mark, as some editors add one, is no obstacle', async () => {
    const path = join(folder, 'result.json')
    await writeFile(path, `\u{feff}${await readFile(fixturePath('default-suite'), 'utf8')}`)
    expect((await readResult(path)).formatVersion).toBe(1)
  })
})

describe('a crossover', () => {
  const crossover = { workload: 'primes', from: 'serial', to: 'threads', size: 41_000 }
  const read = async (fields: object): Promise<unknown> => {
    const path = join(folder, 'crossover.json')
    await writeFile(
      path,
      JSON.stringify({ ...(await fixture('default-suite')), crossovers: [{ ...crossover, ...fields }] }),
    )
    return readResult(path)
  }

  test('may have open ends, and need not have what older results lack', async () => {
    for (const fields of [
      { interval: [30_000, 52_000] },
      { interval: [30_000, null], answer: 'unbounded', bracket: [1000, null], workers: [1, 2], reason: 'r' },
      { interval: null, size: null, answer: 'none in range', bracket: [null, null] },
    ])
      await expect(read(fields)).resolves.toMatchObject({ crossovers: [{ ...crossover, ...fields }] })
  })

  test('has an answer that is one of three, and two ends', async () => {
    await expect(read({ interval: [1], answer: 'found' })).rejects.toThrow('interval')
    await expect(read({ interval: null, answer: 'maybe' })).rejects.toThrow('answer')
  })
})

describe('writing', () => {
  test('replaces a file as a whole, and the file behind a symbolic link', async () => {
    const result = await fixture('default-suite')
    const path = join(folder, 'real.json')
    const link = join(folder, 'latest.json')
    await writeFile(path, 'old')
    await symlink(path, link)
    await writeResult(link, result)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await readResult(path)).toEqual(result)
    expect((await readdir(folder)).toSorted()).toEqual(['latest.json', 'real.json'])
  })

  test('a failure leaves the old file and no temporary one', async () => {
    const path = join(folder, 'result.json')
    await writeFile(path, 'old')
    const circular: Record<string, unknown> = { ...(await fixture('default-suite')) }
    circular['self'] = circular
    await expect(writeResult(path, circular as never)).rejects.toThrow(path)
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['result.json'])
  })

  test('a folder, and a file where a folder should be, are told apart', async () => {
    await mkdir(join(folder, 'sub'))
    await writeFile(join(folder, 'file'), '')
    await expect(checkWritable(join(folder, 'sub'))).rejects.toThrow(/is a folder; name a file/u)
    await expect(checkWritable(join(folder, 'file', 'result.json'))).rejects.toThrow(/file is no folder/u)
    await expect(writeResult(join(folder, 'sub'), await fixture('default-suite'))).rejects.toBeInstanceOf(
      ResultFileError,
    )
  })

  test.skipIf(process.platform === 'win32')('a device is not replaced', async () => {
    await expect(checkWritable('/dev/null')).rejects.toThrow(/no regular file/u)
  })

  test.skipIf(process.platform === 'win32')('a report may go to a device', async () => {
    await checkWritable('/dev/null', 'report')
    await expect(checkWritable(folder, 'report')).rejects.toThrow(/Cannot write the report .* is a folder/u)
  })

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a file that is write-protected stays as it is',
    async () => {
      const path = join(folder, 'baseline.json')
      await writeFile(path, 'old')
      await chmod(path, 0o444)
      await expect(writeResult(path, await fixture('default-suite'))).rejects.toThrow(/may not write/u)
      expect(await readFile(path, 'utf8')).toBe('old')
    },
  )

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a folder that is write-protected takes no result beside the one in it, and that is known beforehand',
    async () => {
      await mkdir(join(folder, 'shut'))
      const path = join(folder, 'shut', 'latest.json')
      await writeFile(path, 'old')
      await chmod(join(folder, 'shut'), 0o555)
      await expect(checkWritable(path)).rejects.toThrow(/may not write/u)
      await checkWritable(path, 'report')
      await chmod(join(folder, 'shut'), 0o755)
    },
  )
})

describe('reading something else gives one clear sentence', () => {
  test('no such file, a folder', async () => {
    await expect(readResult(join(folder, 'none.json'))).rejects.toThrow(
      /there is no such file; `boundby run`/u,
    )
    await expect(readResult(folder)).rejects.toThrow(/it is a folder; name the file in it/u)
    await expect(readResult(join(folder, 'none.json'))).rejects.toBeInstanceOf(ResultFileError)
  })

  test('no JSON, or cut short', async () => {
    expect(await refusal('')).toMatch(/is not JSON/u)
    expect(await refusal('{\n"formatVersion": 1,\n oops }')).toMatch(/is not JSON \(line 3\)/u)
    const whole = await readFile(fixturePath('default-suite'), 'utf8')
    expect(await refusal(whole.slice(0, whole.length / 2))).toMatch(/cut short/u)
  })

  test.each(['null', '[]', '7', '"text"', '{}'])('%s is no result', async (text) => {
    expect(await refusal(text)).toMatch(/is not a boundby result: it has no `formatVersion`/u)
  })

  test('a newer format is refused, whatever else it holds', async () => {
    expect(await refusal('{"formatVersion":2}')).toMatch(/`formatVersion` 2, but .* reads 1: update boundby/u)
    expect(await refusal('{"formatVersion":"1"}')).toMatch(/`formatVersion`: expected 1, received "1"/u)
  })

  test('a wrong field is named, with what was expected and received', async () => {
    const result = await fixture('default-suite')
    const [first, ...others] = result.cells
    const withCell = (fields: object): string =>
      JSON.stringify({ ...result, cells: [...others, { ...first, ...fields }] })
    const index = others.length
    expect(await refusal(withCell({ medianMs: '12' }))).toContain(
      `\`cells[${index}].medianMs\`: expected number, received "12";`,
    )
    expect(await refusal(withCell({ intervalMs: [1] }))).toMatch(
      /intervalMs`: expected .*2 items, received an array of 1/u,
    )
    expect(await refusal(withCell({ executor: undefined }))).toMatch(
      /executor`: expected string, received nothing/u,
    )
    expect(await refusal(withCell({ tasks: -1, size: 0 }))).toMatch(/\(and at least 1 more field is wrong\)/u)
    expect(await refusal(withCell({ error: 'boom \u{1b}[31m \u{202e}' }))).toMatch(/received "boom/u)
  })

  test('nesting that would overflow whoever walks it', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    expect(await refusal(`{"formatVersion":1,"x":${deep}}`)).toMatch(/nested more than 32 levels/u)
  })

  test('more values than memory has room for, and more fields than are worth walking', async () => {
    expect(await refusal(`{"formatVersion":1,"x":[${'[],'.repeat(8_000_000)}[]]}`)).toMatch(
      /more values than/u,
    )
    const fields = Array.from({ length: 10_001 }, (_, index) => `"x${index}":1`)
    expect(await refusal(`{"formatVersion":1,${fields.join(',')}}`)).toMatch(/more than 10000 fields/u)
  })

  test('a name as long as the file is not repeated', async () => {
    const result = await fixture('default-suite')
    const poolMethods = { ['x'.repeat(1_000_000)]: {} }
    const message = await refusal(
      JSON.stringify({ ...result, environment: { ...result.environment, poolMethods } }),
    )
    expect(message).toMatch(/poolMethods.x+\.\.\.`: expected/u)
    expect(message.length).toBeLessThan(400)
  })

  test.skipIf(process.platform === 'win32')('a device without an end', async () => {
    await expect(readResult('/dev/zero')).rejects.toThrow(/larger than 64 MiB/u)
  })

  test('a prototype in a file stays in the file', async () => {
    const text = await readFile(fixturePath('default-suite'), 'utf8')
    const path = join(folder, 'result.json')
    await writeFile(path, text.replace('{', '{"__proto__": {"polluted": true},'))
    expect((await readResult(path))['polluted']).toBeUndefined()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

test('a damaged file is read, or refused in a clear sentence; it never crashes the reader', async () => {
  const text = await readFile(fixturePath('several-worker-counts'), 'utf8')
  const path = join(folder, 'damaged.json')
  const damage = fc.record({
    at: fc.nat(text.length),
    removed: fc.nat(60),
    inserted: fc.oneof(fc.string(), fc.json(), fc.constantFrom('null', '-1', '1e999', '[]', '{}', '"', '\0')),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
      const damaged = damages.reduce(
        (current, { at, removed, inserted }) => current.slice(0, at) + inserted + current.slice(at + removed),
        text,
      )
      fc.pre(!damaged.includes('__proto__'))
      await writeFile(path, damaged)
      const outcome = await readResult(path).catch((error: unknown) => error)
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(ResultFileError)
        expect(outcome.message).toContain(path)
        expect(outcome.message).not.toContain('\n')
        expect(outcome.message.length).toBeLessThan(400)
      } else {
        expect(outcome).toEqual(JSON.parse(damaged))
      }
    }),
    { numRuns },
  )
}, 600_000)

test('any value in the place of any field is read, or refused in a clear sentence', async () => {
  const result = await fixture('several-worker-counts')
  const path = join(folder, 'swapped.json')
  const fieldsOf = (value: unknown, path: readonly PropertyKey[]): PropertyKey[][] => [
    [...path],
    ...(typeof value === 'object' && value !== null
      ? Object.entries(value)
          .slice(0, Array.isArray(value) ? 1 : undefined)
          .flatMap(([name, field]) => fieldsOf(field, [...path, name]))
      : []),
  ]
  const places = fieldsOf(result, []).slice(1)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue(), async (place, value) => {
      fc.pre(!JSON.stringify(value).includes('__proto__'))
      const copy = structuredClone(result) as Record<PropertyKey, unknown>
      const parent = place
        .slice(0, -1)
        .reduce<Record<PropertyKey, unknown>>((at, key) => at[key] as Record<PropertyKey, unknown>, copy)
      parent[place.at(-1) ?? ''] = value
      await writeFile(path, JSON.stringify(copy))
      const outcome = await readResult(path).catch((error: unknown) => error)
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(ResultFileError)
        expect(outcome.message).toContain(String(place[0]))
      } else {
        expect(outcome).toEqual(JSON.parse(JSON.stringify(copy)))
      }
    }),
    { numRuns },
  )
}, 600_000)
