/** What a scenario is, and what scenarios share. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { observe, pause, tell } from './observe.ts'

export type Kind = 'threads' | 'processes'

/** A pool of any library, brought to one shape by its adapter in `benchmarks/peers`. */
export interface Pool {
  readonly takesSignals: boolean
  readonly run: (task: string, input?: unknown, signal?: AbortSignal) => Promise<unknown>
  /** Undefined where the library has no way to run a function that no module exports. */
  readonly runInline: ((inline: (value: number) => number, input: number) => Promise<unknown>) | undefined
  /** The library's own way to end a pool when its work is done. */
  readonly close: () => Promise<unknown>
}

/** Where a scenario is played. */
export interface Stage {
  readonly peer: string
  readonly kind: Kind
  /** A folder that is new and removed afterwards. */
  readonly folder: string
  readonly open: (workers: number) => Promise<Pool>
  /** Answers now; what follows is watched from outside. */
  readonly answer: (text: string) => void
}

export interface Scenario {
  readonly title: string
  readonly kinds?: readonly Kind[]
  /** What the program that plays it is watched for after its answer, if anything. */
  readonly afterwards?: 'ends by itself' | 'is killed' | 'prints'
  readonly play: (stage: Stage) => Promise<string>
}

export const noApi = 'no such API'

export function logOf({ folder }: Stage): string {
  return join(folder, 'log')
}

export function readLog(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8') : ''
}

export async function untilLogged(log: string): Promise<void> {
  while (readLog(log) === '') await pause(5)
}

/** Whether a pool that has been hurt still works. */
export async function aftermath(pool: Pool): Promise<string> {
  const next = await observe(() => pool.run('echo', 7))
  if (next.state === 'fulfilled' && next.value === 7) return 'the pool goes on'
  return `the next task ${tell(next)}`
}
