/** What a step of the tutorial is, and what it has to work with. */

import type { Progress } from '../progress.ts'
import type { Page } from './page.ts'
import type { Ended } from './program.ts'

/** A Python that answered. */
export interface Python {
  readonly path: string
  /** As people write it: `CPython 3.11.7`. */
  readonly name: string
}

export interface Stage {
  readonly page: Page
  readonly python: Python | null
  readonly signal: AbortSignal
  readonly startProgress: () => Progress
  /** Runs a program of the tutorial under this Node. */
  readonly runNode: (name: string) => Promise<Ended>
  readonly runPython: (name: string, python: Python) => Promise<Ended>
}

export interface Step {
  readonly title: string
  /** What it is about, a paragraph each. */
  readonly about: readonly string[]
  /** Performs the step: shows the code, says what to expect, runs it, and says what was seen. False: something failed. */
  readonly perform: (stage: Stage) => Promise<boolean>
}
