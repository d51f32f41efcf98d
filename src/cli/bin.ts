#!/usr/bin/env node
/** The executable: hands the arguments to `main` and takes its exit code. */

import { main } from './main.ts'

// The reader may leave first (`boundby run | head`); the result file is there all the same.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

// Node ends without a word if nothing is left that could settle what is awaited here.
process.once('exit', (code) => {
  if (code === 13)
    process.stderr.write('boundby ended before it was done, which is a bug: please report it.\n')
})

process.exitCode = await main(process.argv.slice(2), process)
