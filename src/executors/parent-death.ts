/**
 * Has Linux end a child process with the thread that started it, whatever either is doing: setpriv(1) of util-linux sets
 * the signal and becomes the child, which keeps its pid and its descriptors. docs/decisions/ends-with-its-parent.md tells
 * where that does not hold.
 */

import { accessSync, constants, readFileSync } from 'node:fs'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** What the child is told of its parent, by a variable that it then removes. */
const variable = 'BOUNDBY_PARENT'
const places = ['/usr/bin/setpriv', '/bin/setpriv']

let setpriv: string | null | undefined

/** Null where there is none, or one (BusyBox's) that cannot do it. */
function findSetpriv(): string | null {
  if (process.platform !== 'linux') return null
  return places.find((place) => isExecutable(place) && readFileSync(place).includes('pdeathsig')) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function ids(): string {
  return [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()].join()
}

/** How to start `file` so that it ends with this thread, where that is possible. */
export function endingWithParent(file: string, args: readonly string[]): Command {
  if (setpriv === undefined) setpriv = findSetpriv()
  // What cannot be started is better told of by who starts it.
  if (setpriv === null || !isExecutable(file)) return { file, args, env: {} }
  return {
    file: setpriv,
    args: ['--pdeathsig', 'KILL', file, ...args],
    env: { [variable]: `${process.pid} ${ids()}` },
  }
}

/** Whether this process ends with its parent; ends it now if that died before the kernel had been told. */
export function endsWithParent(): boolean {
  const told = process.env[variable]
  if (told === undefined) return false
  delete process.env[variable]
  const [pid, parentIds] = told.split(' ')
  if (process.ppid !== Number(pid)) process.exit()
  return parentIds === ids() && isUnprivileged()
}

/** The kernel forgets the signal where privileges come with the program, or are changed later. */
function isUnprivileged(): boolean {
  if (process.getuid?.() !== process.geteuid?.() || process.getgid?.() !== process.getegid?.()) return false
  if (process.getuid?.() === 0) return true
  try {
    return /^CapPrm:\s*0+$/m.test(readFileSync('/proc/self/status', 'latin1'))
  } catch {
    return false
  }
}
