/** Arms in real host processes: what opening many of them at once leaves on stderr. */
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { armOpener } from '#dist/harness/arm-host.js'

it('warns of no leak, however many hosts are alive at once', async () => {
  const warnings: string[] = []
  const keep = ({ name }: Error): number => warnings.push(name)
  process.on('warning', keep)
  onTestFinished(() => void process.off('warning', keep))
  const openArm = armOpener({
    source: { bundleUrl: pathToFileURL('/no/such/module.mjs').href },
    tasksInFlightPerWorker: 1,
    resources: undefined,
    taskLimit: { limitMs: 1000, setBy: '--timeout' },
    environment: process.env,
    onCalls: () => {},
    signal: new AbortController().signal,
  })
  const opened = await Promise.allSettled(
    Array.from({ length: 12 }, () => openArm({ executor: 'serial', workers: 1 })),
  )
  expect(opened.every(({ status }) => status === 'rejected')).toBe(true)
  expect(warnings).toEqual([])
}, 30_000)
