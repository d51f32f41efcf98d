/** What changes in the race of a workload, as rows of a journal: told from one state to the next, and applied again. */

import { ResultFileError } from '../errors.ts'
import type { Decision } from '../analysis/verdict.ts'
import type { Pilot, Skip } from '../results/schema.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import type { Arm } from './events.ts'
import type { TwinSkip } from './python/pilot-twin.ts'
import type { RaceKey } from './race.ts'
import { addedNames } from './journal-rows.ts'
import type { AddedField, CellPatch, RaceRow } from './journal-rows.ts'

/** What was left out; without an executor, of all of them. */
export type RaceSkip = Pick<Skip, 'size' | 'reason' | 'refines'> | TwinSkip

/** All that a race has to remember; `WorkloadRecord` is one. */
export interface RaceState {
  readonly workload: { readonly name: string }
  readonly control: string | null
  /** Whether the pilot is done. */
  piloted: boolean
  /** By runtime; null: Node. */
  readonly typicalLaunchesMs: Map<string | null, number>
  taskCalls: number
  readonly pilots: Pilot[]
  readonly skipped: RaceSkip[]
  readonly cells: CellRecord[]
  readonly settled: Map<RaceKey, Decision>
}

type Changes = Omit<RaceRow, 'kind' | 'spentMs'>

const armKey = ({ executor, workers, runtime, name }: Arm): string =>
  JSON.stringify([executor, workers, runtime ?? null, name ?? null])
const cellKey = (size: number, arm: Arm): string => `${size} ${armKey(arm)}`
const unpatched: ReadonlySet<string> = new Set(['size', 'arm', 'launches', 'yardsticks', ...addedNames])

/** What was told of a cell. */
class ToldCell {
  readonly size: number
  readonly #fields = new Map<string, string>()
  readonly #rounds: number[] = []
  readonly #added = new Map<AddedField, number>()

  constructor(size: number) {
    this.size = size
  }

  /** Null if nothing has changed. */
  changes(cell: CellRecord): CellPatch | null {
    const patch: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(cell)) {
      const text = JSON.stringify(value)
      if (unpatched.has(name) || this.#fields.get(name) === text) continue
      this.#fields.set(name, text)
      patch[name] = value
    }
    const rounds = cell.launches.flatMap((makespansMs, launch) => {
      const from = this.#rounds[launch] ?? 0
      this.#rounds[launch] = makespansMs.length
      if (makespansMs.length <= from) return []
      const yardsticksMs = cell.yardsticks[launch]?.slice(from)
      return [{ launch, from, makespansMs: makespansMs.slice(from), yardsticksMs }]
    })
    // A launch without a round is taken back.
    this.#rounds.length = cell.launches.length
    if (rounds.length > 0) patch['rounds'] = rounds
    for (const name of addedNames) {
      const added = cell[name].slice(this.#added.get(name))
      if (added.length > 0) patch[name] = added
      this.#added.set(name, cell[name].length)
    }
    return Object.keys(patch).length === 0 ? null : { size: cell.size, arm: cell.arm, ...patch }
  }
}

/** Remembers what it has told of a race, and tells what is new. */
export class RaceChanges {
  readonly #cells = new Map<string, ToldCell>()
  readonly #settled = new Set<RaceKey>()
  #pilots = 0
  #skipped = 0
  #rest = ''

  /** What has changed since the last call; null if nothing has. */
  next(state: RaceState): Changes | null {
    const cells = state.cells.flatMap((cell) => {
      const key = cellKey(cell.size, cell.arm)
      const told = this.#cells.get(key) ?? new ToldCell(cell.size)
      this.#cells.set(key, told)
      return told.changes(cell) ?? []
    })
    const sizes = new Set(state.cells.map(({ size }) => size))
    const removed = new Set<number>()
    for (const [key, { size }] of this.#cells)
      if (!sizes.has(size)) {
        removed.add(size)
        this.#settled.delete(size)
        this.#cells.delete(key)
      }
    const settled = [...state.settled].filter(([key]) => !this.#settled.has(key))
    for (const [key] of settled) this.#settled.add(key)
    const changes: Changes = {
      workload: state.workload.name,
      control: state.control,
      piloted: state.piloted,
      typicalLaunchesMs: [...state.typicalLaunchesMs],
      taskCalls: state.taskCalls,
      pilots: state.pilots.slice(this.#pilots),
      skipped: state.skipped.slice(this.#skipped).map((skip) => ({ ...skip })),
      removedSizes: [...removed],
      cells,
      settled: settled.map(([key, decision]) => [key, { ...decision, leaders: [...decision.leaders] }]),
    }
    this.#pilots = state.pilots.length
    this.#skipped = state.skipped.length
    const rest = JSON.stringify([state.piloted, changes.typicalLaunchesMs])
    const isNew =
      rest !== this.#rest ||
      [changes.pilots, changes.skipped, changes.removedSizes, cells, settled].some(({ length }) => length > 0)
    this.#rest = rest
    return isNew ? changes : null
  }
}

function cellAt({ cells }: RaceState, { size, arm, refines = false, ...patch }: CellPatch): CellRecord {
  const key = armKey(arm)
  const known = cells.find((cell) => cell.size === size && armKey(cell.arm) === key)
  if (known !== undefined) return known
  // An arm is one object: it is known by its identity.
  const same = cells.find((cell) => armKey(cell.arm) === key)?.arm ?? arm
  const made = emptyCell(size, same, patch.chosenBy ?? 'rule', patch.serialMs, refines)
  const larger = cells.findIndex((cell) => cell.size > size)
  cells.splice(larger === -1 ? cells.length : larger, 0, made)
  return made
}

function applyPatch(state: RaceState, patch: CellPatch): void {
  const cell = cellAt(state, patch)
  const { size: _, arm: __, chosenBy: ___, serialMs: ____, refines: _____, ...changed } = patch
  const { rounds = [], observations = [], startupsMs = [], watched = [], ...fields } = changed
  for (const { launch, from, makespansMs, yardsticksMs } of rounds) {
    // Each measurement follows the one before it: nothing is counted twice, and nothing is left out.
    const before = cell.launches[launch] ?? []
    if (launch > cell.launches.length || from !== before.length)
      throw new ResultFileError(
        `round ${from} of launch ${launch} of ${state.workload.name} does not follow those before it`,
      )
    cell.launches[launch] = [...before, ...makespansMs]
    cell.yardsticks[launch] = [...(cell.yardsticks[launch] ?? []), ...yardsticksMs]
  }
  cell.observations.push(...observations)
  cell.startupsMs.push(...startupsMs)
  cell.watched.push(...watched)
  Object.assign(cell, fields)
}

/**
 * Brings a race to the state that the row tells of.
 * @throws ResultFileError, naming no file, if the row does not follow those before it.
 */
export function applyChanges(state: RaceState, row: RaceRow): void {
  state.piloted = row.piloted
  for (const [runtime, ms] of row.typicalLaunchesMs) state.typicalLaunchesMs.set(runtime, ms)
  state.taskCalls = row.taskCalls
  state.pilots.push(...row.pilots)
  state.skipped.push(...(row.skipped as RaceSkip[]))
  if (row.removedSizes.length > 0) {
    const kept = state.cells.filter(({ size }) => !row.removedSizes.includes(size))
    state.cells.splice(0, state.cells.length, ...kept)
    for (const size of row.removedSizes) state.settled.delete(size)
  }
  for (const patch of row.cells) applyPatch(state, patch)
  for (const [key, decision] of row.settled) state.settled.set(key, decision)
}
