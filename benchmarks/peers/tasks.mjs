/** The tasks of the contract's scenarios and of the pools' race; plain JavaScript, since every pool's workers import it as it is. */

import { appendFileSync, writeFileSync } from 'node:fs'
import { parentPort, threadId } from 'node:worker_threads'

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export const where = () => ({ pid: process.pid, threadId })

/** @param {unknown} value */
export const echo = (value) => value

export const throwError = () => {
  throw Object.assign(new RangeError('bad input', { cause: new TypeError('the cause') }), { code: 'E_BAD' })
}

export const throwNull = () => {
  // oxlint-disable-next-line typescript/only-throw-error -- that is the point
  throw null
}

export const giveFunction = () => ({ callback: () => {} })

/**
 * Writes its letter when it starts, and again, in lower case, when it ends.
 * @param {{ log: string, letter: string, ms: number }} input
 */
export const rest = async ({ log, letter, ms }) => {
  appendFileSync(log, letter)
  await pause(ms)
  appendFileSync(log, letter.toLowerCase())
  return letter
}

/** @param {string} log */
export const spin = (log) => {
  writeFileSync(log, String(process.pid))
  for (;;);
}

/**
 * Ends its worker: a process by SIGKILL, a thread as a thread can.
 * @param {{ log: string, letter: string, kind: string }} input
 */
export const die = ({ log, letter, kind }) => {
  appendFileSync(log, letter)
  if (kind === 'processes') process.kill(process.pid, 'SIGKILL')
  else process.exit(1)
  return new Promise(() => {})
}

/** @param {{ log: string, letter: string }} input */
export const exitCleanly = ({ log, letter }) => {
  appendFileSync(log, letter)
  process.exit(0)
}

/** Leaves a timer behind that throws after the task's end. */
export const leaveBomb = () => {
  setTimeout(() => {
    throw new Error('late')
  }, 100)
  return 'innocent so far'
}

export const makeNoise = () => {
  parentPort?.postMessage({ foreign: true }, [])
  parentPort?.postMessage('foreign', [])
  process.send?.({ foreign: true })
  process.send?.('foreign')
  return 'quiet'
}

/** @param {number} bytes */
export const print = (bytes) => {
  process.stdout.write('x'.repeat(bytes))
}

/**
 * Runs a task in a pool of its own, of the same library.
 * @param {{ peer: string, kind: string }} input
 */
export const nest = async ({ peer, kind }) => {
  const { open } = await import(`./${peer}.mjs`)
  const pool = await open(kind, 1)
  const output = await pool.run('echo', 42)
  await pool.close()
  return output
}

/* What `npm run bench:pools` races with. */

export const nothing = () => {}

/** @param {number} value */
export const square = (value) => value * value

/** @param {number[]} values */
export const squares = (values) => values.map((value) => square(value))

/** @param {Uint8Array} bytes */
export const sizeOf = (bytes) => bytes.byteLength

/** @param {number} bytes */
export const make = (bytes) => new Uint8Array(bytes).fill(7)

/** @param {{ bytes: Uint8Array }} shared */
export const changeEachPage = ({ bytes }) => {
  for (let at = 0; at < bytes.length; at += 4096) bytes[at]++
}

/** The most memory that this process has had in its life, in bytes. */
export const peakBytes = () => process.resourceUsage().maxRSS * 1024
