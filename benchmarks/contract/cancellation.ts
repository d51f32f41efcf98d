/** Scenarios of tasks that are aborted. */

import { observe, pause, tell } from './observe.ts'
import { aftermath, logOf, noApi, readLog, untilLogged } from './scenario.ts'
import type { Scenario } from './scenario.ts'

export const cancellation: readonly (readonly [name: string, scenario: Scenario])[] = [
  [
    'abort-running',
    {
      title: 'Abort of a task that computes for ever',
      async play(stage) {
        const pool = await stage.open(1)
        if (!pool.takesSignals) return noApi
        const controller = new AbortController()
        const observed = observe(() => pool.run('spin', logOf(stage), controller.signal))
        await untilLogged(logOf(stage))
        controller.abort()
        return `${tell(await observed)}; ${await aftermath(pool)}`
      },
    },
  ],
  [
    'abort-pending',
    {
      title: 'Abort of a task that waits behind another',
      async play(stage) {
        const pool = await stage.open(1)
        if (!pool.takesSignals) return noApi
        const log = logOf(stage)
        const controller = new AbortController()
        const running = observe(() => pool.run('rest', { log, letter: 'R', ms: 500 }))
        await untilLogged(log)
        const pending = observe(() => pool.run('rest', { log, letter: 'P', ms: 10 }, controller.signal))
        await pause(50)
        controller.abort()
        const [ofPending, ofRunning] = await Promise.all([pending, running])
        await pause(200)
        return [
          tell(ofPending),
          readLog(log).includes('P') ? 'it runs all the same' : 'it never starts',
          ofRunning.state === 'fulfilled' ? 'the other is unharmed' : `the other ${tell(ofRunning)}`,
        ].join('; ')
      },
    },
  ],
  [
    'order',
    {
      title: 'Order of start on one worker, every other task with a signal',
      async play(stage) {
        const pool = await stage.open(1)
        if (!pool.takesSignals) return noApi
        const log = logOf(stage)
        const { signal } = new AbortController()
        await pool.run('echo', 0)
        await Promise.all(
          Array.from('ABCDEF', (letter, index) =>
            observe(() => pool.run('rest', { log, letter, ms: 5 }, index % 2 === 1 ? signal : undefined)),
          ),
        )
        const started = readLog(log).replaceAll(/[a-z]/gu, '')
        return started === 'ABCDEF' ? 'as submitted' : `${started} instead of ABCDEF`
      },
    },
  ],
]
