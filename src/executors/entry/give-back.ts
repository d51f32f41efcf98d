/**
 * Gives the memory of large payloads back to the system when a child has had none for a while. glibc keeps what is
 * freed, since warm-memory.ts has told it so; Node has no way to tell it otherwise, but the optional dependency koffi
 * has. Without koffi, or with another C library, the memory is kept.
 */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { loadKoffi } from '../koffi.ts'

/** What smaller messages leave behind is soon used again. */
const largeBytes = 1_048_576
/** To give back memory that is then needed costs as much as one large payload does in fresh memory. */
const idleMs = 30_000

/** malloc_trim(3); nothing where there is none. */
function trim(): void {
  try {
    loadKoffi().load(null).func('int malloc_trim(size_t pad)')(0)
  } catch {
    // It stays with this process until its end.
  }
}

/** Buffers that nobody has any more are freed only when V8 collects them, which an idle process never does. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  setFlagsFromString('--no-expose-gc')
  gc()
}

/** Takes some tens of milliseconds. */
export function giveBack(): void {
  collect()
  // V8 frees buffers on a thread of its own, and some only after the second look.
  setImmediate(() => {
    collect()
    setImmediate(trim)
  })
}

/** Notices payloads, and when there have been none for a while. */
export class IdleWatch {
  readonly #onIdle: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle
  }

  /** A message of so many bytes came or went. */
  note(bytes: number): void {
    if (bytes < largeBytes) return
    if (this.#timer === undefined) this.#timer = setTimeout(this.#onIdle, idleMs).unref()
    else this.#timer.refresh()
  }
}
