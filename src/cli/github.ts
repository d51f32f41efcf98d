/** What GitHub's runner is told without being asked to: a job's summary, and annotations. */

import { appendFile } from 'node:fs/promises'
import type { Output } from './terminal.ts'

/** Of one step's summary. */
const mostBytes = 1024 * 1024

/**
 * Appends to the summary and writes the annotations, where the environment says that this is a job on GitHub. A
 * summary that cannot be written harms nothing: the report is elsewhere, too.
 */
export async function tellGitHub(
  tell: () => { readonly summary: string; readonly annotations: string },
  stderr: Output,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (environment['GITHUB_ACTIONS'] !== 'true') return
  const { summary, annotations } = tell()
  stderr.write(annotations)
  const file = environment['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '' || Buffer.byteLength(summary) > mostBytes) return
  await appendFile(file, summary).catch((error: unknown) => {
    stderr.write(`The job's summary could not be written: ${String(error)}\n`)
  })
}
