/** Shows on stderr how far a run is: one live line in a terminal, a line a cell elsewhere. */

import { performance } from 'node:perf_hooks'
import { clearLine, cursorTo } from 'node:readline'
import { isSerial } from '../analysis/by-workload.ts'
import { formatCount, formatDuration, formatSize } from '../analysis/quantities.ts'
import { shownRuntime } from '../analysis/runtime.ts'
import type { Arm, RunEvent, RunListener } from '../harness/events.ts'
import { escapeText } from '../reporters/escape.ts'
import type { Output } from './terminal.ts'
import { hasUnicode, widthOf } from './terminal.ts'

/** Drawn only when an event comes, which is between measurements: a timer would disturb what is measured. */
export interface Progress {
  readonly listener: RunListener
  /** Says something that stays. */
  note(message: string): void
  /** Clears the live line; what comes then has the stream for itself. */
  end(): void
}

/** The longest form that fits is taken: a bar of so many columns, and whether the words are short. */
const forms = [
  { barWidth: 20, isShort: false },
  { barWidth: 10, isShort: false },
  { barWidth: 0, isShort: false },
  { barWidth: 0, isShort: true },
] as const

/** Whole seconds, since it is an estimate: `35 s left`, `3 min left`. */
function formatRemaining(remainingMs: number): string {
  const seconds = Math.max(1, Math.ceil(remainingMs / 1000))
  return seconds < 100 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`
}

type Races = NonNullable<Extract<RunEvent, { kind: 'progress' }>['races']>

/** `5 of 20 races decided, 2 undecided`: so far, and the rest is not yet measured. */
function racesText({ decided, undecided, left }: Races, isShort: boolean): string {
  const all = decided + undecided + left
  const share = isShort ? `${decided}/${all}` : `${decided} of ${formatCount(all, 'race')}`
  return `${share} decided${undecided === 0 ? '' : `, ${undecided} undecided`}`
}

type CellEvent = Extract<RunEvent, { kind: 'cell' }>
type StageEvent = Extract<RunEvent, { kind: 'stage' }>

function armText({ executor, workers, name, runtime }: Arm): string {
  const of = runtime === undefined ? executor : `${executor} in ${shownRuntime(runtime)}`
  const shown = name === undefined ? of : `${of} ${name}`
  if (workers === null || isSerial(executor)) return shown
  return `${shown} (${executor === 'event-loop' ? `${workers} in flight` : formatCount(workers, 'worker')})`
}

function cellLine({ workload, size, arm, medianMs, error, skipped }: CellEvent): string {
  const cell = `${workload} · ${formatSize(size)} · ${armText(arm)}`
  if (error !== null) {
    const place = error.location === undefined ? '' : ` (${error.location})`
    return `${cell}: failed: ${error.name}: ${error.message}${place}`
  }
  if (skipped !== null) return `${cell}: skipped: ${skipped}`
  return `${cell}: ${medianMs === null ? 'not measured' : formatDuration(medianMs)}`
}

function stageText({ workload, stage, launch }: StageEvent): string {
  return `${workload} · ${stage}${launch === undefined ? '' : `, launch ${launch}`}`
}

function lineProgress(stream: Output): Progress {
  const write = (line: string): void => void stream.write(`${escapeText(line)}\n`)
  return {
    note: write,
    end() {},
    listener(event) {
      if (event.kind === 'planned')
        write(
          `${formatCount(event.workloads.length, 'workload')}, ${formatCount(event.cells, 'cell')}: ${event.workloads.join(', ')}`,
        )
      if (event.kind === 'cell') write(cellLine(event))
      if (event.kind === 'note') write(`Note: ${event.message}`)
    },
  }
}

function barOf(doneShare: number, width: number): string {
  return width === 0 ? '' : `[${'#'.repeat(Math.round(doneShare * width)).padEnd(width, '.')}] `
}

function liveProgress(stream: NodeJS.WriteStream, now: () => number): Progress {
  let stage = 'starting'
  let doneShare = 0
  let endMs: number | null = null
  let races: Races | null = null
  const separator = hasUnicode(stream) ? ' · ' : ' - '
  let hasEnded = false

  const clear = (): void => {
    cursorTo(stream, 0)
    clearLine(stream, 0)
  }
  const draw = (): void => {
    if (hasEnded) return
    const percent = `${Math.floor(doneShare * 100)}`.padStart(3)
    const lines = forms.map(({ barWidth, isShort }) => {
      const parts = [
        `${percent} %`,
        stage,
        ...(races === null ? [] : [racesText(races, isShort)]),
        ...(endMs === null ? [] : [formatRemaining(endMs - now())]),
      ]
      return escapeText(`${barOf(doneShare, barWidth)}${parts.join(separator)}`)
    })
    // One column stays free: a full line would wrap, and then could not be cleared.
    const room = Math.max(0, widthOf(stream) - 1)
    const line = lines.find(({ length }) => length <= room) ?? lines.at(-1) ?? ''
    clear()
    stream.write(line.slice(0, room))
  }
  const note = (line: string): void => {
    if (!hasEnded) clear()
    stream.write(`${escapeText(line)}\n`)
    draw()
  }
  draw()
  return {
    note,
    end() {
      clear()
      hasEnded = true
    },
    listener(event) {
      switch (event.kind) {
        case 'planned':
          draw()
          break
        case 'stage':
          stage = stageText(event)
          draw()
          break
        case 'progress':
          doneShare = Math.min(1, Math.max(0, event.doneShare))
          endMs = now() + event.remainingMs
          races = event.races ?? races
          draw()
          break
        case 'cell':
          // What succeeded is in the table at the end.
          if (event.error !== null) note(cellLine(event))
          break
        case 'note':
          note(`Note: ${event.message}`)
          break
      }
    },
  }
}

/**
 * @param quiet shows nothing but what `note` is told.
 * @param now milliseconds of a monotonic clock; a test brings its own.
 */
export function createProgress(
  stream: Output,
  quiet: boolean,
  now: () => number = () => performance.now(),
): Progress {
  if (quiet) return { ...lineProgress(stream), listener() {} }
  const isLive = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  return isLive ? liveProgress(stream as NodeJS.WriteStream, now) : lineProgress(stream)
}
