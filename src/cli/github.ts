/** What GitHub's runner is told without being asked to: a job's summary, and annotations; and what it must not obey. */

import { appendFile } from 'node:fs/promises'
import type { Output, Terminal } from './terminal.ts'

/** Of one step's summary. */
const mostBytes = 1024 * 1024

/** The runner obeys a line that begins with two colons, and `##[` anywhere in one. */
const withoutCommands = (text: string): string =>
  text.replace(/^(\s*):(?=:)/gmu, String.raw`$1\u{3a}`).replaceAll('##[', String.raw`#\u{23}[`)

const harmless = (output: Output): Output =>
  Object.assign(Object.create(output) as Output, {
    write: (text: string | Uint8Array): boolean =>
      output.write(typeof text === 'string' ? withoutCommands(text) : text),
  })

/** In a job on GitHub, a terminal on which text of a result or of an error is only ever seen. */
export function withoutForgery(terminal: Terminal, environment: NodeJS.ProcessEnv = process.env): Terminal {
  if (environment['GITHUB_ACTIONS'] !== 'true') return terminal
  const { stdout, stderr } = terminal
  return { stdout: harmless(stdout), stderr: harmless(stderr), commands: stderr }
}

/**
 * Appends to the summary and writes the annotations, where the environment says that this is a job on GitHub. A
 * summary that cannot be written harms nothing: the report is elsewhere, too.
 */
export async function tellGitHub(
  tell: () => { readonly summary: string; readonly annotations: string },
  { stderr, commands = stderr }: Pick<Terminal, 'stderr' | 'commands'>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (environment['GITHUB_ACTIONS'] !== 'true') return
  const { summary, annotations } = tell()
  commands.write(annotations)
  const file = environment['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '' || Buffer.byteLength(summary) > mostBytes) return
  await appendFile(file, summary).catch((error: unknown) => {
    stderr.write(`The job's summary could not be written: ${String(error)}\n`)
  })
}
