/** Scenarios of how a pool, or its program, ends. */

import { join } from 'node:path'
import { describe, observe, tell } from './observe.ts'
import type { Observed } from './observe.ts'
import { logOf, readLog, untilLogged } from './scenario.ts'
import type { Scenario } from './scenario.ts'

function fateOf(observed: Observed): string {
  return observed.state === 'fulfilled' ? 'ends' : tell(observed)
}

export const ends: readonly (readonly [name: string, scenario: Scenario])[] = [
  [
    'close',
    {
      title: 'The pool is closed while one task runs and one waits',
      async play(stage) {
        const pool = await stage.open(1)
        const log = logOf(stage)
        const running = observe(() => pool.run('rest', { log, letter: 'R', ms: 400 }))
        const waiting = observe(() => pool.run('rest', { log, letter: 'W', ms: 100 }))
        await untilLogged(log)
        const closed = await observe(() => pool.close())
        const done = readLog(log)
        const [ofRunning, ofWaiting] = await Promise.all([running, waiting])
        return [
          `the running one ${fateOf(ofRunning)}`,
          `the waiting one ${fateOf(ofWaiting)}`,
          closed.state !== 'fulfilled'
            ? `close ${tell(closed)}`
            : ofWaiting.state === 'fulfilled' && !done.endsWith('w')
              ? 'close does not wait for them'
              : '',
        ]
          .filter((part) => part !== '')
          .join('; ')
      },
    },
  ],
  [
    'after-close',
    {
      title: 'A task submitted after the close',
      async play({ open }) {
        const pool = await open(1)
        await pool.run('echo', 1)
        await observe(() => pool.close())
        return tell(await observe(() => pool.run('echo', 2)))
      },
    },
  ],
  [
    'printed',
    {
      title: 'A task prints 1 MiB, then the pool is closed',
      afterwards: 'prints',
      async play({ open }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('print', 2 ** 20))
        await observe(() => pool.close())
        return observed.state === 'fulfilled' ? '' : tell(observed)
      },
    },
  ],
  [
    'nested',
    {
      title: 'A task uses a pool of its own',
      async play({ open, peer, kind }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('nest', { peer, kind }))
        return observed.state === 'fulfilled' && observed.value === 42 ? 'works' : tell(observed)
      },
    },
  ],
  [
    'end',
    {
      title: 'The program ends without a close; a task still runs',
      afterwards: 'ends by itself',
      async play(stage) {
        const pool = await stage.open(2)
        pool.run('rest', { log: logOf(stage), letter: 'R', ms: 300 }).catch((error: unknown) => {
          stage.answer(`its task rejects: ${describe(error)}`)
        })
        await untilLogged(logOf(stage))
        return ''
      },
    },
  ],
  [
    'orphan',
    {
      title: 'The host is killed by SIGKILL while one worker computes and one is idle',
      kinds: ['processes'],
      afterwards: 'is killed',
      async play(stage) {
        const pool = await stage.open(2)
        const workers = new Set<number>()
        while (workers.size < 2) {
          const rests = [1, 2].map(() => pool.run('rest', { log: logOf(stage), letter: 'x', ms: 100 }))
          const places = await Promise.all([pool.run('where'), pool.run('where'), pool.run('where')])
          for (const place of places) workers.add((place as { pid: number }).pid)
          await Promise.all(rests)
        }
        const log = join(stage.folder, 'spin')
        pool.run('spin', log).catch(() => {})
        await untilLogged(log)
        return JSON.stringify([...workers])
      },
    },
  ],
]
