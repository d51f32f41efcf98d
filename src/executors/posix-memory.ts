/** Memory that processes share: anonymous files (memfd), mapped by way of the optional dependency koffi; Linux only. */

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs'
import type { Stats } from 'node:fs'
import { getSystemErrorName } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { isKoffiInstalled, loadKoffi } from './koffi.ts'

// Numbers of Linux's own headers, the same on the architectures below.
const architectures: readonly string[] = ['x64', 'arm64']
const cloexecFlag = 1
const sealableFlag = 2
/** Since Linux 6.3. */
const notExecutableFlag = 8
const addSeals = 1033
const getSeals = 1034
const sealShrinking = 2
/** Its size stays, whoever has it: memory that another process cuts off would kill whoever touches it. */
const seals = 1 | sealShrinking | 4
const readAndWrite = 1 | 2
const mapShared = 1
/** Fresh memory in the place of what is there, given only to who writes to it. */
const replaceByNothing = 0x02 | 0x10 | 0x20 | 0x4000
const getDumpable = 3
const failed = 2n ** 64n - 1n

/** Bytes that one memory has at most, so that they can be copied as one buffer where they have to be. */
export const maxMemoryBytes = 0xffff_ffff

interface Native {
  memfdCreate(name: string, flags: number): number
  fallocate(fd: number, mode: number, offset: number, byteLength: number): number
  fcntl(fd: number, command: number, type: 'int', value: number): number
  prctl(option: number): number
  mmap(
    address: bigint | null,
    byteLength: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ): bigint
  munmap(address: bigint, byteLength: number): number
  view(address: bigint, byteLength: number): ArrayBuffer
  errorNumber(): number
}

let loaded: Native | undefined

/** @throws Error if koffi is not there, or the C library has not what is needed. */
function load(): Native {
  const koffi = loadKoffi()
  const library = koffi.load(null)
  return {
    memfdCreate: library.func('int memfd_create(const char *name, unsigned int flags)'),
    fallocate: library.func('int fallocate(int fd, int mode, int64_t offset, int64_t length)'),
    fcntl: library.func('int fcntl(int fd, int command, ...)'),
    prctl: library.func('int prctl(int option, ...)'),
    mmap: library.func(
      'void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)',
    ),
    munmap: library.func('int munmap(void *address, size_t length)'),
    view: (address, byteLength) => koffi.view(address, byteLength),
    errorNumber: () => koffi.errno(),
  }
}

function native(): Native {
  loaded ??= load()
  return loaded
}

/** What the system said to the last call. */
function systemError(call: string): Error {
  return new Error(`${call}: ${getSystemErrorName(-native().errorNumber())}`)
}

/** Where a memory is: a descriptor of a process, and, for this process, an address. */
export interface MemoryPlace {
  readonly pid: number
  readonly fd: number
  readonly address: bigint
}

export class PosixMemory implements MemoryPlace {
  readonly pid: number
  readonly fd: number
  readonly address: bigint
  readonly byteLength: number
  /** A descriptor of this process, to be closed in the end. */
  readonly #isOwnFd: boolean
  #isFreed = false
  #isKnownToThreads = false

  /** @throws Error if the system has no room. */
  constructor(ownFd: number, byteLength: number, place: { readonly pid: number; readonly fd: number }) {
    this.address = native().mmap(null, byteLength, readAndWrite, mapShared, ownFd, 0)
    if (this.address === failed) throw systemError('mmap')
    this.pid = place.pid
    this.fd = place.fd
    this.byteLength = byteLength
    this.#isOwnFd = ownFd === place.fd && place.pid === process.pid
  }

  /** The bytes; without anybody who has them, the memory is freed. To be called once. */
  open(): ArrayBuffer {
    const buffer = viewOf(this.address, this.byteLength)
    forgotten.register(buffer, this)
    return buffer
  }

  /** A thread has seen the address, and may look there after the end. */
  showToThreads(): void {
    this.#isKnownToThreads = true
  }

  /** Gives the memory back. What still looks at it finds zeros: its addresses stay taken. */
  free(): void {
    if (this.#isFreed) return
    this.#isFreed = true
    native().mmap(this.address, this.byteLength, readAndWrite, replaceByNothing, -1, 0)
    if (this.#isOwnFd) closeSync(this.fd)
  }

  /** Nothing of this thread looks at it any more. */
  forget(): void {
    this.free()
    if (!this.#isKnownToThreads) native().munmap(this.address, this.byteLength)
  }
}

const forgotten = new FinalizationRegistry<PosixMemory>((memory) => memory.forget())

/** Memory of this process at an address that another thread has mapped. */
export function viewOf(address: bigint, byteLength: number): ArrayBuffer {
  return native().view(address, byteLength)
}

/** @throws Error if the system has no room. */
export function createMemory(byteLength: number): PosixMemory {
  const fd = createFile()
  try {
    // Not even for who finds it open: its owner only.
    fchmodSync(fd, 0o600)
    ftruncateSync(fd, byteLength)
    // Now, since pages that are missing later end the process that touches them.
    if (native().fallocate(fd, 0, 0, byteLength) !== 0) throw systemError('fallocate')
    if (native().fcntl(fd, addSeals, 'int', seals) !== 0) throw systemError('fcntl')
    return new PosixMemory(fd, byteLength, { pid: process.pid, fd })
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function createFile(): number {
  for (const flag of [notExecutableFlag, 0]) {
    const fd = native().memfdCreate('boundby', cloexecFlag | sealableFlag | flag)
    if (fd >= 0) return fd
  }
  throw systemError('memfd_create')
}

/**
 * Opens what another process has as `fd`, if it is what that process says.
 * @throws Error if it is anything else, or cannot be opened.
 */
function openFile(pid: number, fd: number, byteLength: number): number {
  const path = `/proc/${pid}/fd/${fd}`
  // Opening alone can do something: first it is looked at.
  checkFile(statSync(path), byteLength)
  const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY)
  try {
    checkFile(fstatSync(own), byteLength)
    return own
  } catch (error) {
    closeSync(own)
    throw error
  }
}

function checkFile(stats: Stats, byteLength: number): void {
  // Without a name, so no file of anybody's.
  if (!stats.isFile() || stats.nlink !== 0 || stats.uid !== process.geteuid?.())
    throw new Error('A descriptor is said to be shared memory, and is not.')
  if (stats.size !== byteLength)
    throw new Error(`Shared memory is said to have ${byteLength} bytes, and has ${stats.size}.`)
}

/**
 * Maps what an ancestor has created, and keeps open.
 * @throws Error if it is not what is said, or cannot be opened.
 */
export function borrowMemory(pid: number, fd: number, byteLength: number): PosixMemory {
  const own = openFile(pid, fd, byteLength)
  try {
    return new PosixMemory(own, byteLength, { pid, fd })
  } finally {
    closeSync(own)
  }
}

/**
 * Maps what a child has created; it stays when the child is gone.
 * @throws Error if it is not what the child says, or cannot be opened.
 */
export function adoptMemory(pid: number, fd: number, byteLength: number): PosixMemory {
  const own = openFile(pid, fd, byteLength)
  try {
    const has = native().fcntl(own, getSeals, 'int', 0)
    if (has < 0 || (has & sealShrinking) === 0) throw new Error('Shared memory can be cut off by others.')
    return new PosixMemory(own, byteLength, { pid: process.pid, fd: own })
  } catch (error) {
    closeSync(own)
    throw error
  }
}

/**
 * Copies what another process has created, where it cannot be mapped.
 * @throws Error if it is not what that process says, or cannot be opened.
 */
export function copyMemory(pid: number, fd: number, byteLength: number): Uint8Array<ArrayBuffer> {
  const own = openFile(pid, fd, byteLength)
  try {
    const bytes = new Uint8Array(byteLength)
    for (let at = 0; at < byteLength;) {
      const read = readSync(own, bytes, at, Math.min(byteLength - at, 2 ** 30), at)
      if (read === 0) throw new Error('Shared memory has an end where it should have none.')
      at += read
    }
    return bytes
  } finally {
    closeSync(own)
  }
}

let refusal: string | null | undefined

/** Why processes cannot share memory here; null if they can. */
export function whyNotShared(): string | null {
  if (refusal === undefined) refusal = findRefusal()
  return refusal
}

function findRefusal(): string | null {
  if (!isMainThread) return 'it was allocated in a worker thread, which cannot give it back if it is ended'
  if (process.platform !== 'linux' || !architectures.includes(process.arch))
    return `processes share memory on Linux only (${architectures.join(', ')}), and this is ${process.platform} (${process.arch})`
  if (!isKoffiInstalled()) return 'the optional dependency koffi is not installed'
  try {
    // Others of the same user may then look into this process, and so into its descriptors.
    if (native().prctl(getDumpable) !== 1) return 'other processes may not look into this one'
    const memory = createMemory(1)
    try {
      closeSync(openFile(memory.pid, memory.fd, 1))
      memory.open()
    } finally {
      memory.free()
    }
    return null
  } catch (error) {
    return `the system does not let processes share memory: ${(error as Error).message}`
  }
}
