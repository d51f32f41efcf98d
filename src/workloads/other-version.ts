/** The workload modules of this folder as they are elsewhere: in another folder, or at a commit of git. */

import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { UsageError } from '../errors.ts'

export interface OtherVersion extends AsyncDisposable {
  /** What it is called: the folder, or the commit with the name it was asked for by. */
  readonly name: string
  /** Where it has a file that lies at `file` here; the file need not be there. */
  readonly fileOf: (file: string) => string
}

const execute = promisify(execFile)

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await execute('git', args, { maxBuffer: 1024 * 1024 })
  return stdout.trim()
}

/** By way of a file: tar ends at the archive's last block, which a pipe would take for an early end. */
async function extract(commit: string, folder: string): Promise<void> {
  const archive = `${folder}.tar`
  try {
    const root = await git('rev-parse', '--show-toplevel')
    await execute('git', ['archive', '--format=tar', `--output=${archive}`, commit], { cwd: root })
    await execute('tar', ['-x', '-f', archive, '-C', folder])
  } finally {
    await rm(archive, { force: true })
  }
}

/** Of what git says, the line that tells what is wrong. */
function complaint(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'ENOENT' && 'path' in error)
    return `there is no ${String(error.path)} here`
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : error.message
  const [line = ''] = said.trim().split('\n')
  return line.replace(/^fatal: /u, '')
}

/** The folder of the repository that this one lies in. */
async function repositoryRoot(against: string): Promise<string> {
  return git('rev-parse', '--show-toplevel').catch((error: unknown) => {
    throw new UsageError(
      `--against: ${JSON.stringify(against)} is no folder, and commits cannot be looked up here: ${complaint(error)}. Name a folder that holds the other version.`,
      { cause: error },
    )
  })
}

async function commitOf(against: string): Promise<string> {
  return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${against}^{commit}`).catch(
    async (error: unknown) => {
      const isShallow = await git('rev-parse', '--is-shallow-repository').catch(() => 'false')
      const hint =
        isShallow === 'true'
          ? ' This clone is shallow: fetch the other version first (`git fetch --depth 1 origin main`, then --against FETCH_HEAD).'
          : ''
      throw new UsageError(
        `--against: expected a folder or a commit of this git repository, received ${JSON.stringify(against)}, which is neither.${hint}`,
        { cause: error },
      )
    },
  )
}

async function checkOut(against: string): Promise<OtherVersion> {
  const root = await repositoryRoot(against)
  const commit = await commitOf(against)
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-against-')))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    await extract(commit, folder)
    // Nothing is installed or built there: it runs with the packages of this folder.
    const packages = join(root, 'node_modules')
    if (existsSync(packages) && !existsSync(join(folder, 'node_modules')))
      await symlink(packages, join(folder, 'node_modules'), 'junction')
  } catch (error) {
    await remove()
    throw new UsageError(
      `--against: ${against} could not be unpacked into a temporary folder (${complaint(error)}); git and tar are needed for that. Name a folder that holds it instead.`,
      { cause: error },
    )
  }
  return {
    name: `${against} (${commit.slice(0, 10)})`,
    fileOf: (file) => join(folder, relative(root, resolve(file))),
    [Symbol.asyncDispose]: remove,
  }
}

/**
 * Makes another version of this folder's files available; disposing of it removes what was made for that.
 * @param against a folder that mirrors the working directory, or else a commit, branch or tag of its repository.
 * @throws UsageError if it is neither.
 */
export async function openOtherVersion(against: string): Promise<OtherVersion> {
  const folder = resolve(against)
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return checkOut(against)
  if (!found.isDirectory())
    throw new UsageError(
      `--against: expected a folder or a commit, received the file ${against}. To compare two results, name both without --against.`,
    )
  return {
    name: against,
    fileOf: (file) => join(folder, relative(process.cwd(), resolve(file))),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
