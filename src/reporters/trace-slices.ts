/** One thread of a trace: slices that follow each other and never overlap, in microseconds. */

type Args = Readonly<Record<string, string | number>>

/** As far as we use the format: complete slices, flows, metadata, and a note without a thread. */
export interface TraceEvent {
  readonly ph: 'X' | 's' | 't' | 'f' | 'M' | 'I'
  readonly name: string
  readonly cat: string
  readonly pid: number
  readonly tid: number
  /** In microseconds. */
  readonly ts: number
  readonly dur?: number
  readonly id?: number
  /** `e`: the flow ends in the slice around it, not in the next one. */
  readonly bp?: 'e'
  /** `g`: the note is about the whole trace. */
  readonly s?: 'g'
  readonly args?: Args
}

export interface Flow {
  readonly ph: 's' | 't' | 'f'
  readonly id: number
}

/** Times are multiples of this power of two of a microsecond: a start and a duration then add up without an error. */
const stepsPerMicrosecond = 64
const stepUs = 1 / stepsPerMicrosecond
/** A moment is drawn as a slice, since only slices can be the ends of a flow. */
const momentUs = 1

/** Some eleven days: beyond that, steps could not be told apart. */
const longestMs = 1e9

const microseconds = (ms: number): number =>
  Math.round(Math.min(ms, longestMs) * 1000 * stepsPerMicrosecond) / stepsPerMicrosecond

export class SliceThread {
  readonly pid: number
  readonly #tid: number
  readonly #name: string
  readonly #events: TraceEvent[] = []
  #endUs = 0

  constructor(pid: number, tid: number, name: string) {
    this.pid = pid
    this.#tid = tid
    this.#name = name
  }

  /** Slices must come in the order of their start; one that began before the last one ended begins there. */
  slice(cat: string, name: string, startMs: number, endMs: number, args: Args, flow?: Flow): void {
    const ts = Math.max(microseconds(startMs), this.#endUs)
    const end = microseconds(endMs)
    // What is too short to be seen must exist where an arrow goes through it.
    const dur = Math.max(end - ts, flow === undefined ? 0 : stepUs)
    if (dur <= 0) return
    this.#add({ ph: 'X', name, cat, ts, dur, args })
    if (flow !== undefined) this.#add({ ...flow, name: 'task', cat: 'flow', ts })
    this.#endUs = ts + dur
  }

  /** Slices of a microsecond at most, so that none hides the next one; in any order. */
  moments(
    cat: string,
    moments: readonly { readonly name: string; readonly ms: number; readonly flow: Flow }[],
  ): void {
    const inOrder = moments.toSorted((one, other) => one.ms - other.ms)
    for (const [index, { name, ms, flow }] of inOrder.entries()) {
      const ts = Math.max(microseconds(ms), this.#endUs)
      const nextMs = inOrder[index + 1]?.ms ?? Infinity
      const dur = Math.max(stepUs, Math.min(momentUs, microseconds(nextMs) - ts))
      this.#add({ ph: 'X', name, cat, ts, dur })
      this.#add({ ...flow, name: 'task', cat: 'flow', ts, ...(flow.ph === 'f' ? { bp: 'e' } : {}) })
      this.#endUs = ts + dur
    }
  }

  events(): readonly TraceEvent[] {
    const about = { ph: 'M', pid: this.pid, tid: this.#tid, ts: 0, cat: '__metadata' } as const
    return [
      { ...about, name: 'thread_name', args: { name: this.#name } },
      { ...about, name: 'thread_sort_index', args: { sort_index: this.#tid } },
      ...this.#events,
    ]
  }

  #add(event: Omit<TraceEvent, 'pid' | 'tid'>): void {
    this.#events.push({ ...event, pid: this.pid, tid: this.#tid })
  }
}
