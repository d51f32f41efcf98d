/** The block owns the pool: it is shut down however the block ends. */

import { ProcessPoolExecutor, taskModule } from 'boundby/executors'

const tasks = taskModule(new URL('tasks.mjs', import.meta.url))
const inputs = [10_000, 20_000, 30_000]

const pool = new ProcessPoolExecutor({ maxWorkers: 3 })
try {
  for await (const line of pool.map(tasks.countPrimes, inputs)) {
    console.log(line)
  }
} finally {
  await pool.shutdown()
}
console.log(`workers alive after the block: ${pool.workers.length}`)
