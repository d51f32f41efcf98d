/** Starts a program that plays a scenario, and watches from outside what becomes of it. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeMessage, pause } from './observe.ts'
import { answerMark } from './play.ts'
import { readLog } from './scenario.ts'
import type { Scenario } from './scenario.ts'

/** A program that has given no answer by then hangs. */
const answerLimitMs = 40_000
/** A program that was idle for so long will not end by itself. */
const endLimitMs = 6000
/** The time that workers have to notice that their host is dead. */
const orphanLimitMs = 3000

class Program {
  readonly #child: ChildProcess
  readonly exited: Promise<unknown>
  stdout = ''
  stderr = ''

  constructor(command: readonly [string, ...string[]]) {
    const [file, ...args] = command
    // A group of its own, so that whatever it leaves behind can be ended.
    this.#child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    this.exited = once(this.#child, 'exit')
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** The answers so far. */
  get answers(): string[] {
    const lines = this.stdout.split('\n').filter((line) => line.startsWith(answerMark))
    return lines.map((line) => line.slice(answerMark.length))
  }

  /** Why it ended before it could answer: what Node wrote about an error that nobody caught. */
  get fate(): string {
    const uncaught = /^(\w+)(?: \[(\w+)\])?: (.*)$/mu.exec(this.stderr)
    if (uncaught === null) return `the program dies (exit code ${this.#child.exitCode})`
    const [, name = '', code = name, message = ''] = uncaught
    return `the program dies: ${code === 'Error' ? describeMessage(code, message) : code}`
  }

  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    const deadline = Date.now() + limitMs
    while (!condition()) {
      if (Date.now() > deadline) return false
      await pause(20)
    }
    return true
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Ends all that is left of its group. */
  clear(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // Nothing was left.
    }
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }
}

/** Whether a process lives; a zombie does not. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z'
  } catch {
    return false
  }
}

async function afterKill(program: Program, workers: readonly number[], spinning: number): Promise<string> {
  program.kill()
  await program.exited
  await pause(orphanLimitMs)
  const orphans = workers.filter(isAlive)
  for (const pid of orphans) process.kill(pid, 'SIGKILL')
  if (orphans.length === 0) return 'no orphan after 3 s'
  const names = orphans.map((pid) => (pid === spinning ? 'the computing one' : 'the idle one'))
  return `orphans after 3 s: ${names.toSorted((a, b) => a.localeCompare(b)).join(' and ')}`
}

async function afterAnswer(program: Program, scenario: Scenario, folder: string): Promise<string> {
  const [answer = ''] = program.answers
  switch (scenario.afterwards) {
    case 'prints': {
      await program.until(() => program.hasExited, endLimitMs)
      const printed = program.stdout.split('x').length - 1
      const share = Math.round((100 * printed) / 2 ** 20)
      return [answer, share === 100 ? 'all of it arrives' : `${share} % of it arrives`]
        .filter((part) => part !== '')
        .join('; ')
    }
    case 'ends by itself': {
      const hasEnded = await program.until(() => program.hasExited, endLimitMs)
      const isDone = readLog(join(folder, 'log')).endsWith('r')
      const own = [...new Set(program.answers)].filter((part) => part !== '')
      return [
        ...own,
        isDone ? 'the task ends' : 'the task is dropped',
        hasEnded ? 'then the program' : 'the program does not',
      ].join('; ')
    }
    case 'is killed': {
      if (!answer.startsWith('[')) return answer
      const spinning = Number(readLog(join(folder, 'spin')))
      return afterKill(program, JSON.parse(answer) as number[], spinning)
    }
    case undefined:
      return answer
    default:
      return scenario.afterwards satisfies never
  }
}

/** What becomes of a program that plays `scenario`; its command gets a fresh folder as its last argument. */
export async function watch(scenario: Scenario, command: readonly [string, ...string[]]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'boundby-contract-'))
  const program = new Program([...command, folder])
  try {
    await program.until(() => program.answers.length > 0 || program.hasExited, answerLimitMs)
    // What was written right before the end may still be on its way.
    if (program.hasExited) await pause(100)
    if (program.answers.length > 0) return await afterAnswer(program, scenario, folder)
    return program.hasExited ? program.fate : 'hangs'
  } finally {
    program.clear()
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
  }
}
