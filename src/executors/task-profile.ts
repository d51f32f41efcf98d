/** What a pool knows of each task: the number by which workers are told of it, and how long an input takes. */

import type { TaskReference } from './task.ts'

type AnyReference = TaskReference<never, unknown>

/** What a chunk of a `map` is to take that was given no size; how unevenly workers end is of this order. */
const chunkMs = 0.3
const maxChunkSize = 1024

export class TaskProfile {
  readonly number: number
  readonly url: string
  readonly exportName: string
  /** Of one input, in a worker; in a process with reading and writing. Infinite until it has been measured. */
  inputMs = Infinity

  constructor(number: number, { url, exportName }: AnyReference) {
    this.number = number
    this.url = url
    this.exportName = exportName
  }

  /**
   * Takes note of a measurement. Quick to believe in less, since the first calls are slow, and slower to believe in
   * more, which may be the machine's doing.
   */
  note(inputMs: number): void {
    if (!(inputMs >= 0)) return
    const weight = inputMs < this.inputMs ? 0.5 : 0.1
    this.inputMs = this.inputMs === Infinity ? inputMs : this.inputMs + weight * (inputMs - this.inputMs)
  }

  /** How many inputs are to travel together now, if so many are left for so many workers. */
  chunkSize(left: number, workers: number): number {
    if (this.inputMs === Infinity) return 1
    const share = Math.ceil(left / (2 * workers))
    return Math.max(1, Math.min(Math.floor(chunkMs / this.inputMs), maxChunkSize, share))
  }
}

export class TaskProfiles {
  readonly #profiles = new Map<string, Map<string, TaskProfile>>()
  #count = 0
  /** Mostly the same task is asked for again. */
  #lastReference: AnyReference | undefined
  #lastProfile: TaskProfile | undefined

  of(reference: AnyReference): TaskProfile {
    if (reference === this.#lastReference && this.#lastProfile !== undefined) return this.#lastProfile
    const { url, exportName } = reference
    let siblings = this.#profiles.get(url)
    if (siblings === undefined) this.#profiles.set(url, (siblings = new Map()))
    let profile = siblings.get(exportName)
    if (profile === undefined) siblings.set(exportName, (profile = new TaskProfile(this.#count++, reference)))
    this.#lastReference = reference
    this.#lastProfile = profile
    return profile
  }
}
