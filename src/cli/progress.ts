/** Shows on stderr how far a run is: one live line in a terminal, a line a cell elsewhere. */

import { performance } from 'node:perf_hooks'
import { clearLine, cursorTo } from 'node:readline'
import { isSerial } from '../analysis/by-workload.ts'
import { formatCount, formatDuration, formatSize } from '../analysis/quantities.ts'
import { shownRuntime } from '../analysis/runtime.ts'
import type { Arm, RunEvent, RunListener } from '../harness/events.ts'
import { escapeText } from '../reporters/escape.ts'
import type { Output } from './terminal.ts'
import { widthOf } from './terminal.ts'

/** Drawn only when an event comes, which is between measurements: a timer would disturb what is measured. */
export interface Progress {
  readonly listener: RunListener
  /** Says something that stays. */
  note(message: string): void
  /** Clears the live line; what comes then has the stream for itself. */
  end(): void
}

const barCells = 20

/** Whole seconds, since it is an estimate: `35 s left`, `3 min left`. */
function formatRemaining(remainingMs: number): string {
  const seconds = Math.max(1, Math.ceil(remainingMs / 1000))
  return seconds < 100 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`
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

function liveProgress(stream: NodeJS.WriteStream, now: () => number): Progress {
  let stage = 'starting'
  let doneShare = 0
  let endMs: number | null = null
  let hasEnded = false

  const clear = (): void => {
    cursorTo(stream, 0)
    clearLine(stream, 0)
  }
  const draw = (): void => {
    if (hasEnded) return
    const done = Math.round(doneShare * barCells)
    const bar = '#'.repeat(done).padEnd(barCells, '.')
    const percent = `${Math.floor(doneShare * 100)}`.padStart(3)
    const remaining = endMs === null ? '' : ` · ${formatRemaining(endMs - now())}`
    const line = escapeText(`[${bar}] ${percent} % · ${stage}${remaining}`)
    clear()
    // One column stays free: a full line would wrap, and then could not be cleared.
    stream.write(line.slice(0, Math.max(0, widthOf(stream) - 1)))
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
