/** Plays one scenario with one pool in this process: `play <peer> <kind> <scenario> <folder>`. */

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe } from './observe.ts'
import { scenarios } from './scenarios.ts'
import type { Kind, Pool } from './scenario.ts'

/** What a line of stdout begins with that is an answer, and no worker's output. */
export const answerMark = '\u0001answer '

interface Adapter {
  open(kind: Kind, workers: number): Pool | Promise<Pool>
}

function answer(text: string): void {
  process.stdout.write(`\n${answerMark}${text}\n`)
}

export async function play(peer: string, kind: Kind, name: string, folder: string): Promise<void> {
  const scenario = scenarios.get(name)
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`)
  const adapter = (await import(pathToFileURL(resolve('benchmarks/peers', `${peer}.mjs`)).href)) as Adapter
  const open = async (workers: number): Promise<Pool> => adapter.open(kind, workers)
  try {
    answer(await scenario.play({ peer, kind, folder, open, answer }))
  } catch (error) {
    answer(`fails before: ${describe(error)}`)
  }
  if (scenario.afterwards === undefined || scenario.afterwards === 'prints')
    process.stdout.write('', () => process.exit(0))
}
