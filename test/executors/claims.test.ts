/** Tasks that are begun or taken back, and never both: the shared word against a model, and against a real thread. */

import { Worker } from 'node:worker_threads'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Claims } from '#dist/executors/claims.js'

describe('claims', () => {
  it('do what their model does, however far the numbers have come', () => {
    const steps = fc.array(fc.constantFrom('begin', 'recall', 'resume'), { maxLength: 60 })
    fc.assert(
      fc.property(
        steps,
        fc.nat({ max: 2 ** 31 }),
        fc.array(fc.nat({ max: 200 })),
        (program, from, distances) => {
          const claims = new Claims()
          claims.resume(from)
          let begun = from
          let limit = Infinity
          for (const [index, step] of program.entries()) {
            if (step === 'begin') {
              const may = begun < limit
              expect(claims.begin(begun)).toBe(may)
              if (may) begun++
            } else if (step === 'recall') {
              if (limit < Infinity) continue
              const id = begun + (distances[index] ?? 0) - 20
              limit = Math.max(id, begun)
              expect(claims.recall(id)).toBe(limit)
            } else {
              begun = begun + 100
              limit = Infinity
              claims.resume(begun)
            }
          }
        },
      ),
    )
  })

  it('give each task to one side only while both reach for it', async () => {
    const claims = new Claims()
    const code = `
      const { workerData, parentPort } = require('node:worker_threads')
      import(workerData.url).then(({ Claims }) => {
        const claims = new Claims(workerData.memory)
        let begun = 0
        parentPort.postMessage('ready')
        while (begun < 1e8 && claims.begin(begun)) begun++
        parentPort.postMessage(begun)
      })`
    const url = import.meta.resolve('#dist/executors/claims.js')
    const worker = new Worker(code, { eval: true, workerData: { url, memory: claims.memory } })
    const messages: unknown[] = []
    const last = new Promise<unknown>((resolve) => {
      worker.on('message', (message) => {
        messages.push(message)
        if (messages.length === 2) resolve(message)
      })
    })
    await new Promise((resolve) => worker.once('message', resolve))
    // It begins some ten thousand meanwhile; the numbers are told modulo that.
    const told = claims.recall(0) & 0x3fff
    expect((Number(await last) - told) & 0x3fff).toBe(0)
    await worker.terminate()
  })
})
