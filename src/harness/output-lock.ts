/**
 * Keeps two runs from writing one result: a file for each of them beside it, named by process id. The one that was
 * made first goes on. Those of processes that are gone are removed.
 */

import { closeSync, lstatSync, openSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../errors.ts'
import { isRunning } from './process-life.ts'

/** What a run that was ended by force has left of the result that it was writing is not touched before this. */
const leftoverMs = 600_000

interface Holder {
  readonly pid: number
  readonly sinceMs: number
}

function statOf(path: string) {
  return lstatSync(path, { throwIfNoEntry: false })
}

/** Through symbolic links, since the file that they lead to is the one that is written. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return join(realpathSync(dirname(path)), basename(path))
  }
}

/**
 * Holds a result file, whose folder is there, until disposed of.
 * @throws UsageError if another process holds it.
 */
export function lockOutput(out: string): Disposable {
  const target = realPath(out)
  const [folder, name] = [dirname(target), basename(target)]
  const prefix = `.${name}.`
  const own = join(folder, `${prefix}${process.pid}.lock`)
  // One of this process's own id was left by another that is gone.
  rmSync(own, { force: true })
  closeSync(openSync(own, 'wx', 0o600))
  const release = (): void => rmSync(own, { force: true })
  // For an end that waits for nobody, such as a second Ctrl-C.
  process.once('exit', release)
  const lock = {
    [Symbol.dispose]() {
      process.off('exit', release)
      release()
    },
  }
  const ownSinceMs = statOf(own)?.mtimeMs ?? 0
  const holders = readdirSync(folder).flatMap((file): Holder[] => {
    const found = file.startsWith(prefix) ? statOf(join(folder, file)) : undefined
    if (found?.isFile() !== true) return []
    const rest = file.slice(prefix.length)
    if (/^[0-9a-f]{12}\.tmp$/u.test(rest) && Date.now() - found.mtimeMs > leftoverMs)
      rmSync(join(folder, file), { force: true })
    const pid = Number(/^([1-9]\d{0,9})\.lock$/u.exec(rest)?.[1])
    if (!Number.isInteger(pid) || pid === process.pid) return []
    if (isRunning(pid, found.mtimeMs)) return [{ pid, sinceMs: found.mtimeMs }]
    rmSync(join(folder, file), { force: true })
    return []
  })
  const first = holders.find(
    ({ pid, sinceMs }) => sinceMs < ownSinceMs || (sinceMs === ownSinceMs && pid < process.pid),
  )
  if (first === undefined) return lock
  lock[Symbol.dispose]()
  throw new UsageError(
    `--out: ${out} belongs to another run, which is still going on (process ${first.pid}, since ${new Date(first.sinceMs).toISOString()}); wait for its end, or name another file.`,
  )
}
