/** Result files on disk: read with every doubt, written whole or not at all. */

import { randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ResultFileError } from '../errors.ts'
import { invalidField } from './invalid-field.ts'
import { syncFolder } from './journal.ts'
import type { Result } from './schema.ts'
import { serializeResult } from './serialize.ts'
import { maxValues, uncountedBytes, valuesIn } from './values.ts'

/** Far above any real result (a full suite takes less than 1 MB), far below what hurts. */
const maxBytes = 64 * 1024 * 1024
/** Most results come in one piece. */
const chunkBytes = 1024 * 1024
/** A result has some dozen fields in an object; those of a very long one take long to walk. */
const maxFields = 10_000
/** A result is 5 levels deep; what is nested for its own sake would overflow the stack of whoever walks it. */
const maxDepth = 32

/**
 * Reads and checks a result file. Unknown fields are kept.
 * @throws ResultFileError naming the file, and what is wrong with it.
 */
export async function readResult(path: string): Promise<Result> {
  const value = parseJson(path, await readText(path))
  if (typeof value !== 'object' || value === null || !('formatVersion' in value))
    throw new ResultFileError(
      `${path} is not a boundby result: it has no \`formatVersion\`; name a file that \`boundby run\` wrote.`,
    )
  const { formatVersion } = value
  if (typeof formatVersion === 'number' && formatVersion > 1)
    throw new ResultFileError(
      `${path} has \`formatVersion\` ${formatVersion}, but this boundby reads 1: update boundby to read it.`,
    )
  const excess = excessOf(value)
  if (excess !== null) throw new ResultFileError(`${path} is not a boundby result: ${excess}.`)
  const { resultSchema } = await import('./schema.ts')
  const parsed = resultSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ResultFileError(
    `${path}: ${invalidField(parsed.error.issues, value)}; correct the file, or measure again with \`boundby run\`.`,
  )
}

/**
 * Writes a result so that at every moment the path holds the old file or the whole new one. Makes the folder.
 * @throws ResultFileError if the path cannot hold a file.
 */
export async function writeResult(path: string, result: Result): Promise<void> {
  await checkWritable(path)
  // Through a symbolic link, the file it points to is replaced, not the link.
  const target = await realpath(path).catch(() => path)
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(serializeResult(result))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
    syncFolder(dirname(target))
  } catch (error) {
    await rm(temporary, { force: true })
    throw cannotWrite(path, error)
  }
}

/** What is written: a mistake is told in its terms. */
type Written = 'result' | 'report'

/**
 * Makes the folder of a file and checks that the file can be written there: worth knowing before measuring.
 * @throws ResultFileError if it cannot.
 */
export async function checkWritable(path: string, what: Written = 'result'): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    const existing = await stat(path).catch(() => null)
    // A report is written into what is there, a device or a pipe too; a result takes its place.
    const isFit = existing === null || (what === 'report' ? !existing.isDirectory() : existing.isFile())
    if (!isFit)
      throw new ResultFileError(
        `Cannot write the ${what} to ${path}: it is ${existing.isDirectory() ? 'a folder' : 'no regular file'}; name a file.`,
      )
    await access(existing === null ? dirname(path) : path, constants.W_OK)
    // A result is written beside the one that it replaces.
    if (existing !== null && what === 'result') await access(dirname(await realpath(path)), constants.W_OK)
  } catch (error) {
    throw cannotWrite(path, error, what)
  }
}

/**
 * Writes a report, to a device or a pipe too.
 * @throws ResultFileError if it cannot be written.
 */
export async function writeReport(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw cannotWrite(path, error, 'report')
  })
}

async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  let values = 0
  try {
    // A stream with an end, not readFile: a device or a pipe has no size to check beforehand.
    for await (const chunk of createReadStream(path, {
      end: maxBytes,
      highWaterMark: chunkBytes,
    }) as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > uncountedBytes) values += valuesIn(chunk)
      if (values > maxValues) break
    }
  } catch (error) {
    throw new ResultFileError(`Cannot read the result file ${path}: ${readFailure(error)}.`, { cause: error })
  }
  if (bytes > maxBytes)
    throw new ResultFileError(
      `${path} is not a boundby result: it is larger than ${maxBytes / 1024 / 1024} MiB.`,
    )
  if (values > maxValues)
    throw new ResultFileError(`${path} is not a boundby result: it holds more values than any has.`)
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const position = /position (\d+)/u.exec(String(error))?.[1]
    const where =
      position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`
    throw new ResultFileError(
      `${path} is not JSON${where}, or was cut short; name a file that \`boundby run\` wrote.`,
      { cause: error },
    )
  }
}

/** In what a value goes beyond what is worth walking. */
function excessOf(value: unknown, depth = 0): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (depth === maxDepth) return `it is nested more than ${maxDepth} levels deep`
  const entries: unknown[] = Array.isArray(value) ? value : Object.values(value)
  if (!Array.isArray(value) && entries.length > maxFields)
    return `an object in it has more than ${maxFields} fields`
  // Nearly all entries of a large file are numbers: no call for each.
  for (const entry of entries) {
    const excess = typeof entry === 'object' ? excessOf(entry, depth + 1) : null
    if (excess !== null) return excess
  }
  return null
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function readFailure(error: unknown): string {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file; `boundby run` writes one'
  if (code === 'EISDIR') return 'it is a folder; name the file in it'
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it; change its permissions'
  return `the system says ${code}`
}

function cannotWrite(path: string, error: unknown, what: Written = 'result'): ResultFileError {
  if (error instanceof ResultFileError) return error
  const code = errorCode(error)
  let reason = `the system says ${code}`
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') reason = 'this user may not write there'
  if (code === 'ENOTDIR' || code === 'EEXIST') reason = `${dirname(path)} is no folder`
  if (code === 'ENOENT') reason = `the folder ${dirname(path)} is not there, and cannot be made`
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  if (isFull) reason = 'the disk is full'
  const nextStep = isFull ? 'make room, or name another file' : 'name another file'
  return new ResultFileError(`Cannot write the ${what} to ${path}: ${reason}; ${nextStep}.`, {
    cause: error,
  })
}
