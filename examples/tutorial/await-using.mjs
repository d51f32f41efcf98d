/** The block owns the pool: it is shut down however the block ends. */

import { ProcessPoolExecutor, taskModule } from 'boundby/executors'

const tasks = taskModule(new URL('tasks.mjs', import.meta.url))
const inputs = [10_000, 20_000, 30_000]

let ended
{
  await using pool = new ProcessPoolExecutor({ maxWorkers: 3 })
  for await (const line of pool.map(tasks.countPrimes, inputs)) {
    console.log(line)
  }
  ended = pool
}
console.log(`workers alive after the block: ${ended.workers.length}`)
