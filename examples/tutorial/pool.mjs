/** A pool of three processes, and two tasks. */

import { ProcessPoolExecutor, taskModule } from 'boundby/executors'

const tasks = taskModule(new URL('tasks.mjs', import.meta.url))

const pool = new ProcessPoolExecutor({ maxWorkers: 3 })
await pool.warmUp()

const first = pool.submit(tasks.countPrimes, 200_000)
const second = pool.submit(tasks.countPrimes, 300_000)
console.log(`submitted by process ${process.pid}`)
console.log(await first)
console.log(await second)

await pool.shutdown()
