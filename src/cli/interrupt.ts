/** Ctrl-C, SIGTERM and the end of the terminal: the first ends the run in good order, a second ends the process. */

import { performance } from 'node:perf_hooks'

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
type Interruption = keyof typeof exitCodes

/** npm passes on the Ctrl-C that the terminal has already sent to everyone: closer together, two are one. */
const sameKeyPressMs = 300

export interface Interrupt extends Disposable {
  /** Aborted by the first signal; its name is the reason. */
  readonly signal: AbortSignal
  /** 128 and the signal's number once interrupted. */
  readonly exitCode: number | null
}

/**
 * Listens until disposed.
 * @param onInterrupted is told once, to say that the end is under way.
 * @param now milliseconds of a monotonic clock; a test brings its own.
 */
export function listenForInterrupt(
  onInterrupted: (signal: string) => void,
  now: () => number = () => performance.now(),
): Interrupt {
  const controller = new AbortController()
  let exitCode: number | null = null
  let firstMs = 0
  const listener = (signal: Interruption): void => {
    const nowMs = now()
    if (exitCode !== null) {
      if (nowMs - firstMs > sameKeyPressMs) process.exit(exitCodes[signal])
      return
    }
    firstMs = nowMs
    exitCode = exitCodes[signal]
    onInterrupted(signal)
    controller.abort(signal)
  }
  for (const signal of Object.keys(exitCodes)) process.on(signal, listener)
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode
    },
    [Symbol.dispose]() {
      for (const signal of Object.keys(exitCodes)) process.off(signal, listener)
    },
  }
}
