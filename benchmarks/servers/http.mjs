/**
 * A slow web server in a process of its own: answers `GET /<id>` after 15 to 25 ms, by the id alone.
 * It listens on loopback only, reports its port to its parent, and ends with it. Its argument, if any, is the file
 * that it answers with.
 */

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const meanLatencyMs = 20
const jitterMs = 5

const [documentPath] = process.argv.slice(2)
const document = documentPath === undefined ? undefined : readFileSync(documentPath)

/**
 * A Weyl sequence: ids in a row spread evenly, so that any few of them have nearly the mean latency.
 * @param {number} id
 */
function latencyMs(id) {
  const fraction = (id * 0.618_033_988_749_895) % 1
  return meanLatencyMs + jitterMs * (2 * fraction - 1)
}

const server = createServer((request, response) => {
  const id = Number(request.url?.slice(1))
  if (request.method !== 'GET' || !Number.isSafeInteger(id) || id < 0) {
    response.writeHead(400).end()
    return
  }
  setTimeout(() => response.end(document ?? `response ${id}`), latencyMs(id))
})
// A kept connection must not be closed between a client's requests.
server.keepAliveTimeout = 0
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.(address.port)
})

process.on('disconnect', () => process.exit())
// Ctrl-C reaches the whole process group: whoever started this server ends it, when its requests are done.
process.on('SIGINT', () => {})
