/**
 * boundby's pools against the pools on npm, CPython's and what Node itself gives: `npm run bench:pools`. Every launch
 * is a process of its own with a pool of two; the contenders take turns in random order. `-- --rounds 3 --only
 * boundby,poolifier --kind processes` narrows it down; only a whole race is written into
 * README.md and docs/executors.md.
 */

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machine, writeBetween } from './page.ts'
import { playArm } from './pools/arm.ts'
import type { Part } from './pools/arm.ts'
import { contenders } from './pools/contenders.ts'
import type { Contender } from './pools/contenders.ts'
import type { Numbers } from './pools/measures.ts'
import { gather, ratiosOf, summaryOf, tableOf } from './pools/report.ts'
import type { Raced } from './pools/report.ts'

const self = fileURLToPath(import.meta.url)
/** Of one launch; a pool that hangs must not hold up the race. */
const timeoutMs = 30_000
const hasTaskset = spawnSync('taskset', ['-c', '0', 'true']).status === 0
/** How often a round has each contender launched for a part: one number a process is little, and a start takes a moment. */
const launchesARound: Readonly<Record<Part, number>> = {
  start: 7,
  tree: 2,
  whole: 1,
  pinned: hasTaskset ? 1 : 0,
}

function shuffled<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value)
}

/**
 * Certificates to be read at each start cost a process some 40 ms, whoever starts it, and are no pool's doing; one peer
 * starts its processes with an empty environment and so would be spared.
 */
const env = { ...process.env }
delete env['NODE_EXTRA_CA_CERTS']

/** @throws Error with what the launch had to say, if it gave no numbers. */
function launch(contender: Contender, part: Part): Numbers {
  const command =
    contender.peer === 'CPython'
      ? ['python3', resolve('benchmarks/peers/cpython_pools.py'), part]
      : [process.execPath, self, 'arm', String(contenders.indexOf(contender)), part]
  const [file = '', ...rest] = part === 'pinned' ? ['taskset', '-c', '0', ...command] : command
  const { stdout, stderr, error } = spawnSync(file, rest, {
    encoding: 'utf8',
    env,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  if (last.startsWith('{')) return JSON.parse(last) as Numbers
  const said = error?.message ?? stderr.trim().split('\n').at(-1)
  throw new Error(said === undefined || said === '' ? 'it gave no numbers' : said)
}

function race(racing: readonly Contender[], rounds: number): Raced[] {
  const launches = new Map<Contender, Numbers[]>(racing.map((contender) => [contender, []]))
  const failures = new Map<Contender, string>()
  const play = (contender: Contender, part: Part): void => {
    try {
      launches.get(contender)?.push(launch(contender, part))
    } catch (error) {
      failures.set(contender, (error as Error).message)
      process.stderr.write(`  ${contender.kind} ${contender.name}, ${part}: ${(error as Error).message}\n`)
    }
  }
  for (let round = 1; round <= rounds; round++)
    for (const [part, times] of Object.entries(launchesARound) as [Part, number][])
      for (let time = 1; time <= times; time++) {
        process.stderr.write(`round ${round} of ${rounds}: ${part}, ${time} of ${times}\n`)
        for (const contender of shuffled(racing)) play(contender, part)
      }
  return racing.map((contender) => {
    const failure = failures.get(contender)
    const samples = gather(launches.get(contender) ?? [])
    return { contender, samples, ...(failure === undefined ? {} : { failure }) }
  })
}

function main(): void {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '2' },
      only: { type: 'string' },
      kind: { type: 'string' },
      out: { type: 'string', default: 'benchmarks/dist/pools.json' },
    },
  })
  const only = values.only?.split(',')
  const racing = contenders.filter(
    ({ name, kind }) =>
      (only === undefined || only.includes(name)) && (values.kind === undefined || values.kind === kind),
  )
  const raced = race(racing, Number(values.rounds))
  const kinds = (['processes', 'threads'] as const).map((kind) => ({
    kind,
    raced: raced.filter(({ contender }) => contender.kind === kind),
  }))
  const tables = kinds
    .filter((one) => one.raced.length > 0)
    .map((one) => `${one.kind === 'processes' ? 'Processes' : 'Threads'}:\n\n${tableOf(one.raced)}`)
  const text = [machine(), ...tables].join('\n\n')
  process.stdout.write(`${text}\n`)
  const file = resolve(values.out)
  mkdirSync(resolve(file, '..'), { recursive: true })
  const results = kinds.map(({ kind, raced: ofKind }) => ({
    kind,
    ratios: ratiosOf(ofKind),
    contenders: ofKind.map(({ contender, samples, failure }) => ({
      ...contender,
      failure: failure ?? null,
      samples: Object.fromEntries(samples),
    })),
  }))
  writeFileSync(
    file,
    `${JSON.stringify({ machine: machine(), rounds: Number(values.rounds), results }, null, 2)}\n`,
  )
  if (only !== undefined || values.kind !== undefined) return
  writeBetween('docs/executors.md', 'pools', text)
  const summaries = kinds.map(
    ({ kind, raced: ofKind }) => `${kind === 'processes' ? 'Processes' : 'Threads'}:\n\n${summaryOf(ofKind)}`,
  )
  writeBetween('README.md', 'pools', [machine(), ...summaries].join('\n\n'))
}

const [, , command, index = '', part] = process.argv
const armed = command === 'arm' ? contenders[Number(index)] : undefined
if (armed === undefined) main()
else await playArm(armed, part as Part)
