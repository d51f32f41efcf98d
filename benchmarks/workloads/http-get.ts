/** I/O-bound: waits for answers over the network, with connections that are kept. */

import { defineWorkload } from 'boundby'
import { getText } from '../servers/http-client.ts'
import { startHttpServer, stopHttpServer } from '../servers/http-server.ts'

export { getText }

export default defineWorkload({
  name: 'http-get',
  summary: 'Fetches short answers from a web server that takes 20 ms for each',
  source:
    'node:http with a keep-alive agent; the server, a process on loopback, takes 15 to 25 ms by the number asked',
  expects: 'io',
  module: import.meta.url,
  task: getText,
  sizes: [1, 3, 10, 100, 1000],
  defaultSizes: [1, 10],
  inputs: (size, { origin }) => Array.from({ length: size }, (_, id) => `${origin}/${id}`),
  setup: () => startHttpServer(),
  teardown: stopHttpServer,
})
