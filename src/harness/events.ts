/** What a run tells whoever watches it; sent between measurements only, so that drawing disturbs none. */

import type { Arm } from '../analysis/contest.ts'
import type { CellError } from '../results/schema.ts'

export type { Arm }

export type RunEvent =
  /** The selection is known; sent once, first. `cells` counts workload × size × executor (× workers). */
  | { readonly kind: 'planned'; readonly workloads: readonly string[]; readonly cells: number }
  /** A stage begins: what is going on now, for the live line. */
  | {
      readonly kind: 'stage'
      readonly workload: string
      readonly stage: 'setup' | 'pilot' | 'race' | 'teardown'
      /** 1-based; of the race only. */
      readonly launch?: number
    }
  /** How far the run is, 0 to 1, and how long it will probably still take. */
  | {
      readonly kind: 'progress'
      readonly doneShare: number
      readonly remainingMs: number
      /** Of those planned: decided, measured but not decided so far, and not yet measured. */
      readonly races?: { readonly decided: number; readonly undecided: number; readonly left: number }
    }
  /** A cell has its first launches, has failed (`error`), or was left out (`skipped`). */
  | {
      readonly kind: 'cell'
      readonly workload: string
      readonly size: number
      readonly arm: Arm
      readonly medianMs: number | null
      readonly error: CellError | null
      readonly skipped: string | null
    }
  /** Something the user should know now. */
  | { readonly kind: 'note'; readonly message: string }

export type RunListener = (event: RunEvent) => void
