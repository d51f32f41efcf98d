/** A checksum of compressed data that does not depend on the version of zlib. */

import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'

/** SHA-256, in hex, of what the gzip files hold, one after the other. */
export function checksumOfGunzipped(files: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(gunzipSync(file))
  return hash.digest('hex')
}
