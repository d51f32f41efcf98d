/** The same slowdown where both versions can be had: `boundby compare --against`, of workloads that really take longer. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface ToldInTurns {
  readonly workload: string
  readonly executor: string
  readonly change: string
  readonly ratio: number | null
  readonly launches: readonly [number, number]
}

/** A workload whose task takes so many times as long; what it waits for as well. */
const timesLonger = (file: string, factor: number): string => `
import { setTimeout as pause } from 'node:timers/promises'
import { defineWorkload } from 'boundby'
import original from ${JSON.stringify(file)}

const more = ${factor - 1}
export function slowed(input) {
  const startMs = performance.now()
  const output = original.task(input)
  if (output instanceof Promise)
    return output.then(async (value) => {
      if (more > 0) await pause(more * (performance.now() - startMs))
      return value
    })
  const endMs = performance.now() + more * (performance.now() - startMs)
  while (more > 0 && performance.now() < endMs);
  return output
}

export default defineWorkload({ ...original, module: import.meta.url, task: slowed })
`

/**
 * Races each workload with itself `factor` times slower; with 1, the same code.
 * @param options of `compare --against`: what is measured, and for how long.
 */
export async function slowedInTurns(
  workloads: readonly string[],
  factor: number,
  options: readonly string[],
): Promise<readonly ToldInTurns[]> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-turns-')))
  const [before, after] = [join(folder, 'before'), join(folder, 'after')]
  try {
    for (const [version, longer] of [
      [before, 1],
      [after, factor],
    ] as const) {
      await mkdir(version)
      for (const workload of workloads)
        await writeFile(
          join(version, `${workload}.mjs`),
          timesLonger(resolve('benchmarks/workloads', `${workload}.ts`), longer),
        )
    }
    const report = join(folder, 'comparison.json')
    const args = ['compare', '--against', before, ...workloads.map((workload) => `${workload}.mjs`)]
    const own = ['--out', join(folder, 'result.json'), '--reporter', `json=${report}`, '--fail-on', 'none']
    const child = spawn(
      process.execPath,
      [resolve('dist/cli/bin.js'), ...args, ...options, ...own, '--quiet'],
      {
        cwd: after,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
    const [exitCode] = (await once(child, 'exit')) as [number | null]
    if (exitCode !== 0) throw new Error(`boundby ${args.join(' ')} ended with ${exitCode}.`)
    const { cells } = JSON.parse(await readFile(report, 'utf8')) as { cells: readonly ToldInTurns[] }
    return cells
  } finally {
    await rm(folder, { recursive: true })
  }
}
