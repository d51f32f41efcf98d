/** Finds workload modules: from the files and folders of a call to absolute paths of sources. */

import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../errors.ts'
import { nearest } from '../nearest.ts'

const extensions = ['.ts', '.mts', '.js', '.mjs']
const defaultFolder = join('benchmarks', 'workloads')
/** The workloads that are published with this package. */
const shippedFolder = fileURLToPath(new URL('../../benchmarks/workloads', import.meta.url))

function isWorkloadModule(name: string): boolean {
  return (
    extensions.includes(extname(name)) &&
    !name.startsWith('.') &&
    !/\.(d|test|spec|bench)\.[cm]?[jt]s$/u.test(name)
  )
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

async function modulesIn(folder: string, shown: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new UsageError(`Cannot read the folder ${shown}: ${error.message}.`)
  })
  const names = entries.filter((entry) => !entry.isDirectory() && isWorkloadModule(entry.name))
  if (names.length === 0)
    throw new UsageError(
      `No workload in ${shown}: expected at least one ${extensions.join(', ')} file directly in it. ` +
        'Name a file, or a folder that holds workloads.',
    )
  return names.map((entry) => join(folder, entry.name)).toSorted()
}

/** The entry beside a missing path that was probably meant. */
async function meant(path: string, cwd: string): Promise<string | undefined> {
  const folder = dirname(path)
  const names = await readdir(folder).catch((): string[] => [])
  const stem = basename(path, extname(path))
  const near =
    names.find((name) => isWorkloadModule(name) && basename(name, extname(name)) === stem) ??
    nearest(basename(path), names)
  return near === undefined ? undefined : relative(cwd, join(folder, near))
}

/** @param expectation what to write instead of a path that is missing. */
async function statsOf(shown: string, cwd: string, expectation: string): Promise<Stats> {
  const path = resolve(cwd, shown)
  return stat(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      throw new UsageError(`Cannot read ${shown}: ${error.message}.`)
    const near = await meant(path, cwd)
    throw new UsageError(
      `No such file or folder: ${shown}. ` +
        (near === undefined ? `Expected ${expectation}.` : `Did you mean ${near}?`),
    )
  })
}

/** @param what it should be, in words. */
async function checkModule(path: string, shown: string, what: string): Promise<string> {
  if (!extensions.includes(extname(path)) || /\.d\.[cm]?ts$/u.test(path))
    throw new UsageError(
      `${shown} is no ${what}: expected a ${extensions.join(', ')} file, received ` +
        `${extname(path) === '' ? 'a file without an extension' : `a ${/\.d\.[cm]?ts$/u.test(path) ? '.d.ts' : extname(path)} file`}.`,
    )
  await access(path, constants.R_OK).catch((error: Error) => {
    throw new UsageError(`Cannot read ${shown}: ${error.message}.`)
  })
  return path
}

async function filesAt(shown: string, cwd: string): Promise<string[]> {
  const path = resolve(cwd, shown)
  const found = await statsOf(shown, cwd, 'a workload module (.ts, .mts, .js, .mjs) or a folder of them')
  return found.isDirectory() ? modulesIn(path, shown) : [await checkModule(path, shown, 'workload module')]
}

/**
 * The module at a path, as an absolute path.
 * @throws UsageError for a path that is missing, unreadable, a folder, or of another kind.
 */
export async function findModule(shown: string, cwd: string = process.cwd()): Promise<string> {
  const found = await statsOf(shown, cwd, 'a module (.ts, .mts, .js, .mjs)')
  if (found.isDirectory())
    throw new UsageError(`${shown} is a folder: expected a ${extensions.join(', ')} file.`)
  return checkModule(resolve(cwd, shown), shown, 'module')
}

/**
 * The workload modules that a call for `paths` finds in another version only, as absolute paths of this one.
 * @param fileOf where the other version has what lies at a path here.
 */
export async function findGone(
  paths: readonly string[],
  fileOf: (path: string) => string,
): Promise<readonly string[]> {
  const gone: string[] = []
  for (const shown of paths.length === 0 ? [defaultFolder] : paths) {
    const here = new Set(await readdir(shown).catch((): string[] => []))
    const there = await readdir(fileOf(shown)).catch((): string[] => [])
    gone.push(
      ...there
        .filter((name) => isWorkloadModule(name) && !here.has(name))
        .map((name) => resolve(shown, name)),
    )
  }
  return gone.toSorted()
}

/**
 * The workload modules at `paths` (files, or folders whose direct children count), as absolute paths, each once,
 * in the order of the call. Without paths: `benchmarks/workloads` of `cwd`, else the workloads shipped with boundby.
 * @throws UsageError for a path that is missing, unreadable, of another kind, or a folder without workloads.
 */
export async function findWorkloads(
  paths: readonly string[],
  cwd: string = process.cwd(),
): Promise<readonly string[]> {
  if (paths.length === 0) {
    const here = join(cwd, defaultFolder)
    return (await isFolder(here)) ? modulesIn(here, defaultFolder) : modulesIn(shippedFolder, shippedFolder)
  }
  const files = new Set<string>()
  for (const path of paths) for (const file of await filesAt(path, cwd)) files.add(file)
  return [...files]
}
