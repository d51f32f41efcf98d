/** Each cell over many results: how it went, and where it made a step that stayed. */

import type { Cell, Result } from '../results/schema.ts'
import { changesOf } from './comparison/changes.ts'
import type { ChangeOptions, Sample } from './comparison/changes.ts'
import { computingShare } from './comparison/computing.ts'
import { environmentDifferences } from './comparison/environments.ts'
import { withoutPatch } from './comparison/interpreters.ts'
import { launchesOf } from './comparison/launches.ts'
import type { Launch } from './comparison/launches.ts'
import { nameOf } from './comparison.ts'
import type { CellName } from './comparison.ts'

export interface Step {
  /** Index into the runs: the first one that differs. */
  readonly at: number
  readonly change: 'slower' | 'faster'
  /** How many times as long as before. */
  readonly ratio: number
  /** Whether the next run shows it too; false if there is none yet. */
  readonly isConfirmed: boolean
}

export interface Series extends CellName {
  /** Medians in ms by run; null where the cell was not measured. */
  readonly mediansMs: readonly (number | null)[]
  readonly steps: readonly Step[]
}

export interface History {
  /** When each run started, the oldest first; null where the result does not say. */
  readonly startedAt: readonly (string | null)[]
  /** By how much the computing cells of a run were slower than those before (median), as a ratio; 1 for the first. */
  readonly shifts: readonly number[]
  readonly series: readonly Series[]
  /** Results of other machines than the latest one's, which do not compare. */
  readonly leftOut: number
}

/** A false step in a history of a hundred runs would be one too many. */
const stepError = 0.001

/** A cell since its last step: its launches, each run's shift taken out. */
interface Track {
  readonly cell: CellName
  readonly mediansMs: (number | null)[]
  readonly steps: Step[]
  since: Launch[]
  /** What the latest run showed, if it seemed a step: one run alone may be a bad day. */
  suspected: (Omit<Step, 'isConfirmed'> & { readonly launches: readonly Launch[] }) | null
}

/** A Python that was patched since is a step that its cells may show, and no other cell. */
const keyOf = ({ workload, size, executor, runtime }: Cell): string =>
  JSON.stringify([workload, size, executor, runtime === undefined ? null : withoutPatch(runtime)])

/** The cells of a result that a history follows; of several worker counts the first. */
function followed({ cells }: Result): Map<string, Cell> {
  const byKey = new Map<string, Cell>()
  for (const cell of cells) {
    if (cell.error !== null || cell.launches.length === 0 || cell.refines === true) continue
    if (!byKey.has(keyOf(cell))) byKey.set(keyOf(cell), cell)
  }
  return byKey
}

/** Takes a run into a track; `change` is what the run shows beside the track since its last step. */
function advance(
  track: Track,
  at: number,
  launches: readonly Launch[],
  found: { readonly change: string; readonly ratio: number | null },
): void {
  const { suspected } = track
  const isStep = (found.change === 'slower' || found.change === 'faster') && found.ratio !== null
  const change = found.change === 'slower' ? 'slower' : 'faster'
  if (isStep && suspected !== null && suspected.change === change) {
    const { launches: first, ...step } = suspected
    track.steps.push({ ...step, isConfirmed: true })
    track.since = [...first, ...launches]
    track.suspected = null
  } else if (isStep) track.suspected = { at, change, ratio: found.ratio, launches }
  else {
    // What was suspected has not stayed: that run was a bad day, and says nothing of the cell.
    track.suspected = null
    track.since.push(...launches)
  }
}

const order = (result: Result): string => result.startedAt ?? ''

/** @param results in any order. */
export function historyOf(results: readonly Result[], margin: number): History {
  const sorted = results.toSorted((a, b) => order(a).localeCompare(order(b), 'en'))
  const latest = sorted.at(-1)
  const runs = sorted.filter(
    ({ environment }) =>
      latest !== undefined && environmentDifferences(environment, latest.environment).length === 0,
  )
  const options: ChangeOptions = { margin, error: stepError, isDisturbed: false, areTimes: true }
  const tracks = new Map<string, Track>()
  const shifts: number[] = []
  for (const [at, run] of runs.entries()) {
    const cells = followed(run)
    for (const [key, cell] of cells)
      if (!tracks.has(key))
        tracks.set(key, {
          cell: nameOf(cell),
          mediansMs: Array.from({ length: at }, () => null),
          steps: [],
          since: [],
          suspected: null,
        })
    const present = [...tracks].flatMap(([key, track]) => {
      const cell = cells.get(key)
      track.mediansMs.push(cell?.medianMs ?? null)
      return cell === undefined
        ? []
        : [{ track, launches: launchesOf(cell), computing: computingShare(cell) }]
    })
    const known = present.filter(({ track }) => track.since.length > 0)
    const samples: Sample[] = known.map(({ track, launches, computing }) => ({
      workload: track.cell.workload,
      executor: track.cell.executor,
      computing,
      baseline: track.since,
      candidate: launches,
    }))
    const { changes, shift, yardstick } = changesOf(samples, options)
    shifts.push(shift * (yardstick ?? 1))
    const found = new Map(known.map(({ track }, index) => [track, changes[index]]))
    for (const { track, launches, computing } of present) {
      const level = launches.map((launch) => ({ ...launch, log: launch.log - computing * Math.log(shift) }))
      advance(track, at, level, found.get(track) ?? { change: 'unclear', ratio: null })
    }
  }
  return {
    startedAt: runs.map(({ startedAt }) => startedAt ?? null),
    shifts,
    series: [...tracks.values()].map(({ cell, mediansMs, steps, suspected }) => ({
      ...cell,
      mediansMs,
      steps:
        suspected === null
          ? steps
          : [
              ...steps,
              { at: suspected.at, change: suspected.change, ratio: suspected.ratio, isConfirmed: false },
            ],
    })),
    leftOut: sorted.length - runs.length,
  }
}
