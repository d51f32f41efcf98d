/** What a pool knows of each task: the number by which workers are told of it, and how long an input takes. */

import type { TaskReference } from './task.ts'

type AnyReference = TaskReference<never, unknown>

export class TaskProfile {
  readonly number: number
  readonly url: string
  readonly exportName: string
  /** Of one input, in a worker, without transport; infinite until it has been measured. */
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
