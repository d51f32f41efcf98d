/** The files that a run holds while it goes on: its result, locked against other runs, and its journal. */

import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { lockOutput } from '../harness/output-lock.ts'
import { Journal, journalPath } from '../results/journal.ts'

export interface RunFiles extends Disposable {
  readonly journal: Journal
}

/**
 * Locks the result and opens its journal, of which it says what a user should know.
 * @param note says something that stays.
 * @throws UsageError if another run holds the result.
 * @throws ResultFileError if the journal to go on with cannot be read.
 */
export async function openRunFiles(
  out: string,
  resume: boolean,
  note: (message: string) => void,
): Promise<RunFiles> {
  const lock = lockOutput(out)
  try {
    const path = journalPath(await realpath(out).catch(() => out))
    const options = { onTrouble: note }
    const kept = resume ? Journal.goOn(path, options) : null
    if (resume && kept === null) note(`There is no journal ${path} to go on with: starting afresh.`)
    if (kept !== null && kept.cutBytes > 0)
      note(`The end of the journal ${path} was cut off, or is damaged; what comes before counts.`)
    if (!resume && existsSync(path))
      note(
        `The journal ${path} of a run that was not finished is replaced with the first measurement; end this run before that, and --resume goes on with it.`,
      )
    const journal = kept ?? Journal.start(path, options)
    return {
      journal,
      [Symbol.dispose]() {
        journal.close()
        lock[Symbol.dispose]()
      },
    }
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}
