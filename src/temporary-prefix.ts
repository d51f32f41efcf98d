/** How temporary folders are named, so that those of a process that was killed are known as such. */

import { readlinkSync } from 'node:fs'

/** Process ids mean something within their namespace only: another container's are others. */
function namespaceId(): string {
  try {
    return /\d+/u.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}

const namespace = namespaceId()

/** For `mkdtemp`, which appends six characters. */
export const temporaryPrefix = (): string => `boundby-${process.pid}-${namespace}-`

/** The process that made a folder of this name; undefined if it is none of ours, or of another namespace. */
export function ownerOf(name: string): number | undefined {
  const [, pid, made] = /^boundby-([1-9]\d{0,9})-(\d+)-\w{6}$/u.exec(name) ?? []
  return made === namespace ? Number(pid) : undefined
}
