/** The same with `await using`: the pool is shut down however the block ends. `npm run example await-using` runs it. */

import { ProcessPoolExecutor, taskModule } from 'boundby/executors'

const tasks = taskModule<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))

await using pool = new ProcessPoolExecutor({ maxWorkers: 3 })
await pool.warmUp()

for await (const line of pool.map(tasks.countPrimes, [10_000, 20_000])) console.log(line)
