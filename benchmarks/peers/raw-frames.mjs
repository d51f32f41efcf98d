/** Frames over a stream, for the raw socket: `[u32 length][bytes in V8's format]`. */

import { deserialize } from 'node:v8'

export const frame = (body) => {
  const header = Buffer.allocUnsafe(4)
  header.writeUInt32LE(body.length)
  return Buffer.concat([header, body])
}

export const readFrames = (socket, receive) => {
  let parts = []
  let length = 0
  let wanted = 4
  socket.on('data', (bytes) => {
    parts.push(bytes)
    length += bytes.length
    if (length < wanted) return
    let all = parts.length === 1 ? bytes : Buffer.concat(parts)
    for (;;) {
      wanted = all.length < 4 ? 4 : 4 + all.readUInt32LE()
      if (all.length < wanted) break
      receive(deserialize(all.subarray(4, wanted)))
      all = all.subarray(wanted)
    }
    parts = [all]
    length = all.length
  })
}
