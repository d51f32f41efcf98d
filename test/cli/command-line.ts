/** Calls boundby as a user does, without a terminal: the built executable, or all of it but its process. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { main } from '#dist/cli/main.js'

// Whatever started the tests: a test that wants colour or GitHub says so.
for (const name of ['NO_COLOR', 'FORCE_COLOR', 'GITHUB_ACTIONS']) delete process.env[name]

export const bin = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url))

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CallOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Called once `stderr` has this text. */
  readonly whenStderr?: { readonly has: string; readonly act: (child: ChildProcess) => void }
}

export function node(args: readonly string[], { cwd, env, whenStderr }: CallOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    let isWaiting = whenStderr !== undefined
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      if (!isWaiting || whenStderr === undefined || !stderr.includes(whenStderr.has)) return
      isWaiting = false
      whenStderr.act(child)
    })
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

export function boundby(args: readonly string[], options?: CallOptions): Promise<Ended> {
  return node([bin, ...args], options)
}

/** As the executable answers, but in this process, which takes a tenth of the time. */
export async function answered(args: readonly string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written): Writable =>
    new Writable({
      write(text: Buffer, _, done) {
        written[name] += text.toString()
        done()
      },
    })
  const exitCode = await main(args, { stdout: stream('stdout'), stderr: stream('stderr') })
  return { exitCode, ...written }
}
