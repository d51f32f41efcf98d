/** Runs the built `boundby run` as a user does, and reads what it wrote. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readResult } from '#dist/results/file.js'
import type { Result } from '#dist/results/schema.js'

export type { Result }

/** @throws Error if it failed; why stands on stderr. */
export async function boundbyRun(args: readonly string[]): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'boundby-bench-'))
  const out = join(folder, 'result.json')
  const options = ['--out', out, '--reporter', `json=${join(folder, 'report.json')}`, '--quiet']
  try {
    const child = spawn(process.execPath, ['dist/cli/bin.js', 'run', ...args, ...options], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [exitCode] = (await once(child, 'exit')) as [number | null]
    if (exitCode !== 0) throw new Error(`boundby run ${args.join(' ')} ended with ${exitCode}.`)
    return await readResult(out)
  } finally {
    await rm(folder, { recursive: true })
  }
}
