/** The HTTP client of the I/O workloads: one agent a worker, which keeps its connections. */

import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

/** As many connections as a busy client may hold; more would wait in the server's backlog. */
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/** The body of the answer; an answer other than 200 is an error. */
export async function getText(url: string): Promise<string> {
  const request = get(url, { agent })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}.`)
  return body
}
