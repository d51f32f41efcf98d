/** Runs the built executable as a user does: a process of its own, real arguments, no terminal. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

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
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, GITHUB_ACTIONS: undefined, ...env },
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
