/** `boundby environment`: what this machine is, and what would disturb a measurement on it now. */

import { setTimeout } from 'node:timers/promises'
import { formatBytes, formatCount, formatDuration } from '../analysis/quantities.ts'
import { machineWarnings } from '../analysis/warnings/index.ts'
import { warningText } from '../analysis/warnings/warning.ts'
import type { FoundPythons, Python } from '../harness/python/interpreter.ts'
import type { Environment } from '../results/schema.ts'
import { escapeStrings } from '../reporters/escape.ts'
import { Style } from '../reporters/style.ts'
import type { Terminal } from './terminal.ts'
import { looksOf } from './terminal.ts'

/** What the command needs to know of the machine; a test brings its own. */
export interface Machine {
  /** The machine, watched for about a second. */
  readonly environment: () => Promise<Environment>
  /** Who would run the twins of workloads. */
  readonly pythons: () => Promise<FoundPythons>
}

const watchMs = 1000

/** The Python that `boundby run` would find. */
export async function findMachinePythons(): Promise<FoundPythons> {
  const { findPythons } = await import('../harness/python/interpreter.ts')
  return findPythons({ paths: null, isAsked: false })
}

/** In words: what it is, and what its lock and its process pool are like. */
function pythonText({ record, unfit }: Python): string {
  const { implementation, version, gilEnabled, freeThreaded, startMethod } = record
  if (unfit !== null) return unfit
  return [
    `${implementation} ${version}${freeThreaded ? ' free-threaded' : ''}`,
    ...(gilEnabled === null ? [] : [`its global lock is ${gilEnabled ? 'on' : 'off'}`]),
    ...(startMethod === undefined ? [] : [`processes start by ${startMethod}`]),
  ].join('; ')
}

/** The machine as it is now, watched for a while in which this process does nothing. */
export async function watchMachine(): Promise<Environment> {
  const [{ readEnvironment }, { watchDisturbance }, { findOtherBoundbys }] = await Promise.all([
    import('../harness/environment.ts'),
    import('../harness/disturbance.ts'),
    import('../harness/announcement.ts'),
  ])
  const environment = readEnvironment()
  const disturbance = watchDisturbance()
  await setTimeout(watchMs)
  return { ...environment, during: { ...disturbance(), otherBoundbyPids: findOtherBoundbys() } }
}

/** What cannot be read here, and so cannot be warned of. */
function unknown({ governors, turbo, loadAverage, during = {} }: Environment): readonly string[] {
  return [
    ...(during.otherCpuShare === undefined ? ['what other programs use of the CPU'] : []),
    ...(during.otherCpuShare === undefined && loadAverage === undefined ? ['the load average'] : []),
    ...(during.stealShare === undefined ? ['what a hypervisor takes'] : []),
    ...(governors === undefined && turbo === undefined ? ["how the CPU's speed is governed"] : []),
  ]
}

function described(
  environment: Environment,
  { pythons, missing }: FoundPythons,
): readonly [string, string][] {
  const { cores, availableCores, cpuQuotaCores, memoryBytes, during } = environment
  const quota = cpuQuotaCores === null ? 'no quota' : `a quota of ${cpuQuotaCores}`
  return [
    ['CPU', `${environment.cpuModel}, ${formatCount(cores, 'core')}`],
    ['usable', `${formatCount(availableCores, 'core')} (${quota})`],
    ['memory', formatBytes(memoryBytes)],
    ['system', `${environment.platform} ${environment.arch}`],
    ['Node', environment.node],
    ['boundby', environment.boundby],
    ['Python', pythons.map(pythonText).join(' | ') || (missing ?? 'none')],
    ...(environment.clockStepMs === undefined
      ? []
      : [['clock', `steps of ${formatDuration(environment.clockStepMs)}`] satisfies [string, string]]),
    ...(during?.otherCpuShare === undefined
      ? []
      : [
          ['in use', `${Math.round(100 * during.otherCpuShare)} % of the CPU, by other programs`] satisfies [
            string,
            string,
          ],
        ]),
  ]
}

function asText(environment: Environment, python: FoundPythons, { stdout }: Terminal): string {
  const style = new Style(looksOf(stdout))
  const warnings = machineWarnings(environment)
  const notKnown = unknown(environment)
  const lines = [
    style.paint('title', 'This machine'),
    ...described(environment, python).map(([name, value]) =>
      style.paragraph(`${name.padEnd(8)} ${value}`, { bullet: '  ' }),
    ),
    '',
    ...(warnings.length === 0
      ? ['Nothing was found that would disturb a measurement now.']
      : [
          style.paint('title', 'What would disturb a measurement now, and what to do about it'),
          ...warnings.map((warning) => style.paragraph(warningText(warning), { bullet: '  - ' })),
        ]),
    ...(notKnown.length === 0
      ? []
      : [style.paragraph(style.paint('quiet', `This system does not tell: ${notKnown.join(', ')}.`))]),
  ]
  return `${lines.join('\n')}\n`
}

/** Prints the machine and what disturbs there; the exit code is always 0: a warning refuses nothing. */
export async function environmentCommand(
  { json }: { readonly json: boolean },
  terminal: Terminal,
  machine: Machine,
): Promise<number> {
  // One after the other: while the machine is watched, nothing of ours must run.
  const python = await machine.pythons()
  const environment = await machine.environment()
  if (json) {
    const warnings = machineWarnings(environment).map(warningText)
    const pythons = python.pythons.map(({ record }) => record)
    terminal.stdout.write(
      `${JSON.stringify({ environment: { ...environment, pythons }, warnings }, null, 2)}\n`,
    )
  } else terminal.stdout.write(asText(escapeStrings(environment), escapeStrings(python), terminal))
  return 0
}
