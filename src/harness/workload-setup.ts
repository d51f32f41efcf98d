/** Sets a version of a workload up in a host of its own, lends what that made, and tears it down again. */

import { toCellFailure } from './cell-error.ts'
import type { TaskSource } from './commands.ts'
import type { RunListener } from './events.ts'
import { Host } from './host.ts'

/** Setup and teardown may download nothing, but they may write files and start servers. */
const setupDeadlineMs = 60_000
/** What an interrupted run gives a teardown. */
const hastyTeardownMs = 3000

export interface SetupRequest {
  /** Its name. */
  readonly workload: string
  readonly source: TaskSource
  readonly environment: NodeJS.ProcessEnv
  readonly listener: RunListener
  readonly signal: AbortSignal
  /** Called in place of `use` if it cannot be set up. */
  readonly onFailed: (error: unknown) => void
}

/** @param use is given what setup made. */
export async function whenSetUp(
  { workload, source, environment, listener, signal, onFailed }: SetupRequest,
  use: (resources: unknown) => Promise<void>,
): Promise<void> {
  const host = new Host(environment, { owesTeardown: true })
  const kill = (): void => host.kill()
  listener({ kind: 'stage', workload, stage: 'setup' })
  signal.addEventListener('abort', kill)
  try {
    const tooLong = `it took longer than ${setupDeadlineMs} ms`
    const resources = await host.call('setup', source, { silenceMs: setupDeadlineMs, tooLong }).then(
      (made) => ({ made }),
      (error: unknown) => onFailed(error),
    )
    // From here on it owes a teardown.
    signal.removeEventListener('abort', kill)
    if (typeof resources === 'object') await use(resources.made)
  } finally {
    listener({ kind: 'stage', workload, stage: 'teardown' })
    const silenceMs = signal.aborted ? hastyTeardownMs : setupDeadlineMs
    await host.call('teardown', {}, { silenceMs }).catch((error: unknown) => {
      const { cellError, hostLost } = toCellFailure(error)
      if (!hostLost) listener({ kind: 'note', message: `${workload}: teardown failed: ${cellError.message}` })
    })
    await host.close()
  }
}
