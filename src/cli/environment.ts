/** `boundby environment`: what this machine is, and what would disturb a measurement on it now. */

import { execFile } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { formatBytes, formatCount, formatDuration } from '../analysis/quantities.ts'
import { machineWarnings } from '../analysis/warnings/index.ts'
import { warningText } from '../analysis/warnings/warning.ts'
import type { Environment } from '../results/schema.ts'
import { escapeStrings } from '../reporters/escape.ts'
import { Style } from '../reporters/style.ts'
import type { Terminal } from './terminal.ts'
import { hasColor, widthOf } from './terminal.ts'

/** What the command needs to know of the machine; a test brings its own. */
export interface Machine {
  /** The machine, watched for about a second. */
  readonly environment: () => Promise<Environment>
  /** The version of the `python3` on the PATH; null if there is none. */
  readonly python: () => Promise<string | null>
}

const watchMs = 1000
const pythonTimeoutMs = 5000

/** Asks `python3` itself, without a shell. */
export async function findPython(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['--version'], {
      timeout: pythonTimeoutMs,
      maxBuffer: 10_000,
      windowsHide: true,
    })
    return /^Python (\d[\w.+-]{0,50})/u.exec(stdout)?.[1] ?? null
  } catch {
    return null
  }
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

function described(environment: Environment, python: string | null): readonly [string, string][] {
  const { cores, availableCores, cpuQuotaCores, memoryBytes, during } = environment
  const quota = cpuQuotaCores === null ? 'no quota' : `a quota of ${cpuQuotaCores}`
  return [
    ['CPU', `${environment.cpuModel}, ${formatCount(cores, 'core')}`],
    ['usable', `${formatCount(availableCores, 'core')} (${quota})`],
    ['memory', formatBytes(memoryBytes)],
    ['system', `${environment.platform} ${environment.arch}`],
    ['Node', environment.node],
    ['boundby', environment.boundby],
    ['Python', python ?? 'no python3 found'],
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

function asText(environment: Environment, python: string | null, { stdout }: Terminal): string {
  const style = new Style({ color: hasColor(stdout), width: widthOf(stdout) })
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
  const python = await machine.python()
  const environment = await machine.environment()
  if (json) {
    const warnings = machineWarnings(environment).map(warningText)
    terminal.stdout.write(
      `${JSON.stringify({ environment: { ...environment, python }, warnings }, null, 2)}\n`,
    )
  } else terminal.stdout.write(asText(escapeStrings(environment), python, terminal))
  return 0
}
