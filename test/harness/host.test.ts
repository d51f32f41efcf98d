/** What becomes of a host when the harness is killed: real processes, and a workload that spins. */

import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, isAlive, until, untilExists } from '../executors/support.ts'

const hostUrl = import.meta.resolve('#dist/harness/host.js')

/** Has a program ask a host of its own for something, and kills the program when the host has written its pid. */
async function killHarness(command: 'load' | 'setup', module: string, owesTeardown: boolean) {
  const path = folder()
  const modulePath = join(path, 'workload.mjs')
  writeFileSync(modulePath, module)
  const source = { bundleUrl: pathToFileURL(modulePath).href }
  const program = `import { Host } from ${JSON.stringify(hostUrl)}
    const host = new Host({ ...process.env, PLACE: ${JSON.stringify(path)} }, { owesTeardown: ${owesTeardown} })
    await host.call('${command}', ${JSON.stringify(source)})
    setInterval(() => {}, 1000)`
  const harness = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  onTestFinished(() => void harness.kill('SIGKILL'))
  await untilExists(join(path, 'pid'))
  const pid = Number(readFileSync(join(path, 'pid'), 'utf8'))
  expect(isAlive(pid)).toBe(true)
  harness.kill('SIGKILL')
  await until(() => !isAlive(pid))
  return path
}

const tellPid = `import { renameSync, writeFileSync } from 'node:fs'
  const place = process.env.PLACE
  const tellPid = () => {
    writeFileSync(place + '/new', String(process.pid))
    renameSync(place + '/new', place + '/pid')
  }`

describe('a host whose harness is killed', () => {
  it.each([false, true])('ends though it spins, owing a teardown: %s', async (owesTeardown) => {
    await killHarness('load', `${tellPid}\ntellPid()\nfor (;;);`, owesTeardown)
  })

  it('tears down first what it has set up', async () => {
    const workload = `${tellPid}
      export const task = (input) => input
      export default {
        name: 'owes', summary: 'owes a teardown', module: import.meta.url, expects: 'cpu', sizes: [1], task,
        inputs: () => [1],
        setup: tellPid,
        teardown: () => writeFileSync(place + '/torn-down', ''),
      }`
    const path = await killHarness('setup', workload, true)
    expect(existsSync(join(path, 'torn-down'))).toBe(true)
  })
})
