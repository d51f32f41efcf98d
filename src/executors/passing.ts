/**
 * How `SharedBytes` get through cloning: a property that every cloning algorithm reads says where the bytes are, in the
 * words of who is cloning, and on the other side what was said is replaced by `SharedBytes` again. A message with any
 * is sent a second time, in a wrapper with a secret of its own; others cost nothing.
 */

import { randomUUID } from 'node:crypto'
import type { SharedBytes } from './shared-bytes.ts'
import { UnexpectedSharedBytes } from './unexpected-shared-bytes.ts'

/** The one own property of `SharedBytes`. */
export const passedKey = 'boundby:SharedBytes'

/** What is said instead of `SharedBytes`: a kind, their id, and what belongs to the kind. */
export type Description =
  /** In memory of a process, which has them as `fd`; for its threads at an address as well. */
  | readonly [kind: 'mapped', id: string, byteLength: number, pid: number, fd: number, address: bigint | null]
  | readonly [kind: 'shared', id: string, buffer: SharedArrayBuffer, copiedBecause: string | null]
  | readonly [kind: 'copied', id: string, bytes: Uint8Array]
  /** Those which the other side has lent. */
  | readonly [kind: 'known', id: string]

type Describe = (shared: SharedBytes) => Description

let current: { readonly secret: string; readonly describe: Describe } | undefined

/**
 * What the property's getter gives.
 * @throws UnexpectedSharedBytes unless a message is being passed.
 */
export function describePassed(shared: SharedBytes): readonly unknown[] {
  if (current === undefined) throw new UnexpectedSharedBytes()
  return [current.secret, current.describe(shared)]
}

/** Has `send` clone a message in which `SharedBytes` are described by `describe`; returns those it came across. */
export function pass<Sent>(
  describe: Describe,
  send: (secret: string) => Sent,
): { readonly sent: Sent; readonly passed: readonly SharedBytes[] } {
  const passed = new Set<SharedBytes>()
  const secret = randomUUID()
  const before = current
  current = {
    secret,
    describe: (shared) => {
      passed.add(shared)
      return describe(shared)
    },
  }
  try {
    return { sent: send(secret), passed: [...passed] }
  } finally {
    current = before
  }
}

const nowhere: Description = ['known', '']

/** Lets `clone` take `SharedBytes` as well, to find what else cannot be cloned. */
export function allowingSharedBytes(clone: (value: unknown) => void): (value: unknown) => void {
  return (value) => {
    pass(
      () => nowhere,
      () => clone(value),
    )
  }
}

/**
 * Puts `SharedBytes` where a message has descriptions with this secret; changes the message.
 * @throws what `revive` throws, for a description that is none.
 */
export function replacePassed(
  message: unknown[],
  secret: string,
  revive: (description: unknown) => SharedBytes,
): void {
  const seen = new Map<object, unknown>()
  const open: object[] = []
  const replacementOf = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (!seen.has(value)) {
      const description = descriptionIn(value, secret)
      seen.set(value, description === undefined ? value : revive(description))
      if (description === undefined) open.push(value)
    }
    return seen.get(value)
  }
  replacementOf(message)
  for (let value = open.pop(); value !== undefined; value = open.pop()) replaceParts(value, replacementOf)
}

function descriptionIn(value: object, secret: string): unknown {
  const said: unknown = Object.getOwnPropertyDescriptor(value, passedKey)?.value
  return Array.isArray(said) && said[0] === secret ? (said[1] ?? null) : undefined
}

function replaceParts(value: object, replacementOf: (part: unknown) => unknown): void {
  if (ArrayBuffer.isView(value)) return
  if (value instanceof Map) {
    const entries = [...value].map(([key, part]) => [replacementOf(key), replacementOf(part)] as const)
    value.clear()
    for (const [key, part] of entries) value.set(key, part)
  } else if (value instanceof Set) {
    const parts = [...value].map((part) => replacementOf(part))
    value.clear()
    for (const part of parts) value.add(part)
  } else
    for (const key of Object.getOwnPropertyNames(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key)
      const replacement = replacementOf(property?.value)
      if (property !== undefined && !Object.is(replacement, property.value))
        Object.defineProperty(value, key, { ...property, value: replacement })
    }
}
