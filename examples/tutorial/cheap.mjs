/** 500 tasks that do next to nothing: a warm pool against a plain loop. */

import { ProcessPoolExecutor, taskModule } from 'boundby/executors'
import { double } from './tasks.mjs'

const tasks = taskModule(new URL('tasks.mjs', import.meta.url))
const inputs = Array.from({ length: 500 }, (_, index) => index)

const pool = new ProcessPoolExecutor({ maxWorkers: 3 })
await pool.warmUp()

async function inPool() {
  const outputs = []
  for await (const output of pool.map(tasks.double, inputs)) {
    outputs.push(output)
  }
  return outputs
}

function inLoop() {
  return inputs.map((input) => double(input))
}

/** The median of nine, in milliseconds; the first one warms up. */
async function timed(calculate) {
  const times = []
  for (let turn = 0; turn <= 9; turn++) {
    const start = performance.now()
    await calculate()
    if (turn > 0) times.push(performance.now() - start)
  }
  return times.toSorted((one, other) => one - other)[4]
}

const poolMs = await timed(inPool)
const loopMs = await timed(inLoop)
console.log(`pool: ${poolMs.toFixed(3)} ms`)
console.log(`loop: ${loopMs.toFixed(3)} ms`)
const factor = Math.round(poolMs / loopMs)
console.log(`the pool took ${factor} times as long as the loop`)

await pool.shutdown()
