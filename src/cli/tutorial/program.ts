/** Runs a program of the tutorial: the very file that is shown. */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Where the programs are, in the repository and in the package. */
const folder = new URL('../../../examples/tutorial/', import.meta.url)
const timeoutMs = 60_000

/** The path of a program by its name. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(name, folder))
}

export interface Ended {
  /** What it printed. */
  readonly lines: readonly string[]
  /** Why it did not end well, in a line; null if it did. */
  readonly failure: string | null
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

/** Without a shell; whatever goes wrong is in the answer, since the tutorial goes on. */
export async function runProgram(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Ended> {
  try {
    const options = { timeout: timeoutMs, maxBuffer: 1e6, windowsHide: true, signal }
    const { stdout } = await promisify(execFile)(command, args, options)
    return { lines: linesOf(stdout), failure: null }
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
      killed,
    } = error as Error & {
      stdout?: string
      stderr?: string
      killed?: boolean
    }
    const last = linesOf(stderr).at(-1) ?? message
    return {
      lines: linesOf(stdout),
      failure: killed === true ? `it was ended after ${timeoutMs / 1000} s` : last,
    }
  }
}
