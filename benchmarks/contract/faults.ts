/** Scenarios in which a worker, or a task in it, misbehaves. */

import { join } from 'node:path'
import { observe, pause, tell } from './observe.ts'
import { aftermath, logOf, readLog } from './scenario.ts'
import type { Scenario, Stage } from './scenario.ts'

async function crash(stage: Stage, task: string): Promise<string> {
  const pool = await stage.open(2)
  const log = logOf(stage)
  // Both workers are up, so that the three tasks are where they are meant to be.
  const warm = { log: join(stage.folder, 'warm'), letter: 'w', ms: 50 }
  await Promise.all([pool.run('rest', warm), pool.run('rest', warm)])
  const running = observe(() => pool.run('rest', { log, letter: 'R', ms: 400 }))
  const dying = observe(() => pool.run(task, { log, letter: 'D', kind: stage.kind }))
  const waiting = observe(() => pool.run('rest', { log, letter: 'W', ms: 10 }))
  const [ofDying, ofRunning, ofWaiting] = await Promise.all([dying, running, waiting])
  const times = readLog(log).split('D').length - 1
  const others = [
    ofRunning.state === 'fulfilled' ? '' : `the running one ${tell(ofRunning)}`,
    ofWaiting.state === 'fulfilled' ? '' : `the waiting one ${tell(ofWaiting)}`,
  ].filter((part) => part !== '')
  return [
    tell(ofDying),
    times > 1 ? `it was run ${times} times` : '',
    others.length === 0 ? 'others unharmed' : others.join(', '),
    await aftermath(pool),
  ]
    .filter((part) => part !== '')
    .join('; ')
}

export const faults: readonly (readonly [name: string, scenario: Scenario])[] = [
  [
    'crash',
    {
      title:
        'Of two workers, one dies amid its task (SIGKILL; a thread by `process.exit(1)`), one runs, a third task waits',
      play: (stage) => crash(stage, 'die'),
    },
  ],
  [
    'exit-0',
    { title: 'The same, by `process.exit(0)` in the task', play: (stage) => crash(stage, 'exitCleanly') },
  ],
  [
    'late',
    {
      title: 'A timer that task A left behind throws while task B runs on the same worker',
      async play(stage) {
        const pool = await stage.open(1)
        const first = await observe(() => pool.run('leaveBomb'))
        const second = await observe(() => pool.run('rest', { log: logOf(stage), letter: 'B', ms: 400 }))
        const innocent = second.state === 'fulfilled' ? 'B unharmed' : `B ${tell(second)}`
        return `${first.state === 'fulfilled' ? '' : `A ${tell(first)}; `}${innocent}; ${await aftermath(pool)}`
      },
    },
  ],
  [
    'noise',
    {
      title: "A task posts messages of its own to the worker's parent",
      async play({ open }) {
        const pool = await open(1)
        const observed = await observe(() => pool.run('makeNoise'))
        await pause(100)
        const said = observed.state === 'fulfilled' && observed.value === 'quiet' ? 'no harm' : tell(observed)
        return `${said}; ${await aftermath(pool)}`
      },
    },
  ],
]
