/** Two tasks in a process pool: see two process ids. `npm run example submit` runs it. */

import { ProcessPoolExecutor, taskModule } from 'boundby/executors'

const tasks = taskModule<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))

const pool = new ProcessPoolExecutor({ maxWorkers: 3 })
await pool.warmUp()

const first = pool.submit(tasks.countPrimes, 10_000)
const second = pool.submit(tasks.countPrimes, 20_000)
console.log(await first)
console.log(await second)

await pool.shutdown()
