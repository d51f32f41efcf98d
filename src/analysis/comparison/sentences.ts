/** What a comparison found, in words: the answer first, then how far it can be trusted. */

import type { Skip } from '../../results/schema.ts'
import { median } from '../../stats/summary.ts'
import { isSerial } from '../by-workload.ts'
import type { AlarmKind, CellName, Comparison, MissingCell, RaceName } from '../comparison.ts'
import { formatCount, formatList, formatPercent, formatRatio, formatSize } from '../quantities.ts'

const alarmWords: Readonly<Record<AlarmKind, string>> = {
  slower: 'cells became slower',
  flipped: 'verdicts flipped',
  missing: 'cells are missing',
  checksum: 'checksums changed',
}

const nothingToCompare: Readonly<Record<Comparison['by'], string>> = {
  times: 'Nothing to compare: the results have no cell in common.',
  ratios: 'Nothing to compare: the results have no cell in common that was measured beside serial.',
  turns: 'Nothing to compare: there is no cell in which both versions were measured.',
}

/** What may be told of its workers: one cell of a race may differ from another in nothing else. */
interface NamedCell extends CellName {
  readonly workers?: number | null
  readonly workersBefore?: number | null
}

/** `threads ×2`; `threads ×4, now ×2`; `python-threads (cpython 3.13.1) ×2`. */
export function executorText({ executor, runtime, workers, workersBefore = workers }: NamedCell): string {
  const name = runtime === undefined ? executor : `${executor} (${runtime})`
  if (isSerial(executor) || typeof workers !== 'number') return name
  return typeof workersBefore !== 'number' || workersBefore === workers
    ? `${name} ×${workers}`
    : `${name} ×${workersBefore}, now ×${workers}`
}

export const cellText = (cell: NamedCell): string =>
  `${cell.workload} at ${formatSize(cell.size)}, ${executorText(cell)}`

/** Of what is gone as a whole, no more than that. */
export const missingText = ({ workload, size, executor, runtime, workers }: MissingCell): string => {
  if (size === null) return workload
  return executor === null
    ? raceText({ workload, size })
    : cellText({ workload, size, executor, runtime, workers })
}

/** What there was before of a cell that is missing, as the end of a sentence about it. */
export function missingReason({ executor }: MissingCell, by: Comparison['by']): string {
  if (by !== 'turns') return 'was measured before, and now not or with an error'
  return executor === null
    ? 'is in the other version only'
    : 'was measured in the other version, and here with an error'
}

const percentOf = (ratio: number): string => formatPercent(ratio - 1)

/** In one sentence: whether there is an alarm, and for what. */
export function headline({ alarm, alarms, by, cells, failOn }: Comparison): string {
  if (alarm) return `Alarm: ${formatList(alarms.map((kind) => alarmWords[kind]))}.`
  if (cells.length === 0) return nothingToCompare[by]
  const watched = failOn.length === 0 ? 'nothing raises one' : `watched: ${formatList(failOn)}`
  const isBlind = failOn.includes('slower') && cells.every(({ detectable }) => detectable === null)
  return isBlind ? `No alarm, but no slowdown could be found (${watched}).` : `No alarm (${watched}).`
}

function counted({ cells, by }: Comparison): string {
  const count = (kind: string): number => cells.filter(({ change }) => change === kind).length
  const what = by === 'ratios' ? ' (by their ratio to serial)' : ''
  return `Of ${formatCount(cells.length, 'cell')} of both${what}: ${count('slower')} slower, ${count('faster')} faster, ${count('unchanged')} unchanged, ${count('unclear')} unclear.`
}

/** With so many on both days, what days differ by is most of what a change has to clear; versions in turns have no more. */
const manyLaunches = 20

/** What would find smaller slowdowns. */
function moreOf(by: Comparison['by'], launches: readonly number[]): string {
  if (by === 'turns')
    return median(launches) < manyLaunches
      ? 'A longer --budget finds smaller ones.'
      : `With ${manyLaunches} launches of each a longer --budget would hardly find smaller ones; larger --sizes or a quieter machine may.`
  return median(launches) < manyLaunches
    ? 'More launches (--least-launches, on both days) find smaller ones, as far as days do not differ by themselves.'
    : 'More launches would hardly find smaller ones, since days differ by themselves; --against has no days between its versions.'
}

/** What would have gone unseen: silence of a comparison means little without it. */
export function sensitivity({ cells, by }: Comparison): readonly string[] {
  const found = cells.flatMap(({ detectable }) => detectable ?? []).toSorted((a, b) => a - b)
  const blind = cells.length - found.length
  const best = found[0]
  const worst = found.at(-1)
  const launches = cells.flatMap(({ detectable, launches: [before, after] }) =>
    detectable === null ? [] : [Math.min(before, after)],
  )
  const cannot =
    blind === 0
      ? []
      : [
          `In ${formatCount(blind, 'cell')} no slowdown could be found: ${by === 'turns' ? 'fewer than three launches; a longer --budget has time for more' : 'too few launches; or the machine was busy, which fewer than three workloads cannot tell from a change'}.`,
        ]
  if (best === undefined || worst === undefined) return cannot
  const what = by === 'ratios' ? 'change of a ratio' : 'slowdown'
  const [typical, least, most] = [median(found), best, worst].map(percentOf)
  const where =
    least === most
      ? `${typical} in each cell`
      : `${typical} in a typical cell, ${least} in the steadiest, ${most} in the noisiest`
  return [
    `Smallest ${what} that would be found nine times in ten: ${where}. ${moreOf(by, launches)}`,
    ...cannot,
  ]
}

function machines({
  environments,
  by,
  yardstick,
  shift,
  isShiftKnown,
  betweenCells,
  cells,
}: Comparison): readonly string[] {
  const differences = environments.map(
    ({ what, baseline, candidate }) => `${what}: ${baseline}, now ${candidate}`,
  )
  const between =
    betweenCells < 0.005
      ? []
      : [
          `Beyond their own noise, cells that compute differ by ${formatPercent(Math.expm1(betweenCells))} between the two days; every change has to clear that too, as far as its cell computes.`,
        ]
  if (by === 'turns')
    return [
      'Both versions took turns in every launch of this run, so that a slow spell of the machine hit both. A change is the mean over launches of what makespans side by side differ by (the median of each launch); it need not be that of the two times, which are medians.',
    ]
  if (by === 'ratios')
    return [
      ...(differences.length === 0
        ? []
        : [`Other machines (${differences.join('; ')}): only ratios and verdicts are compared.`]),
      'A change is that of the ratio to the serial executor, and not of the times beside it.',
      ...between,
    ]
  if (cells.length === 0) return []
  const speed =
    yardstick === null
      ? []
      : [
          `The yardstick, a known computation timed beside every measurement, took ${formatRatio(yardstick)} as long as before (median over the cells). Changes are what they would be at one speed of the machine, as far as they follow it.`,
        ]
  const beyond = yardstick === null ? 'What computes' : 'Beyond that, what computes'
  const common = isShiftKnown
    ? `${beyond} took ${formatRatio(shift)} as long as before (median over the cells). Changes are without it, as far as a cell computes: a slower machine looks like that, and so does a change that slows everything down alike.`
    : yardstick === null
      ? 'With fewer than three workloads in both, a slower machine cannot be told from a change; nothing was taken out.'
      : 'With fewer than three workloads in both, whatever else slowed the machine (a neighbour on its other cores) cannot be told from a change; nothing more was taken out.'
  const measure =
    'Times are medians; a change is that of the shortest makespans of each launch, which whatever else was at work disturbed least.'
  return [measure, ...speed, common, ...between]
}

/** The first of them; the rest in a number. */
function listed(texts: readonly string[]): string {
  const most = 5
  const shown = texts.slice(0, most).join('; ')
  return texts.length > most ? `${shown}; and ${texts.length - most} more` : shown
}

/** A sentence for each of the first; the rest in a number. */
function told<Item>(items: readonly Item[], what: string, textOf: (item: Item) => string): string[] {
  const most = 30
  const sentences = items.slice(0, most).map(textOf)
  return items.length > most ? [...sentences, `${what}: ${items.length - most} more.`] : sentences
}

const names = (cells: readonly CellName[]): string => listed(cells.map(cellText))

export const raceText = ({ workload, size, runtime }: RaceName): string =>
  `${workload} at ${formatSize(size)}${runtime === undefined ? '' : ` (${runtime})`}`

const skipText = ({ workload, size, reason }: Skip): string =>
  `${size === null ? workload : raceText({ workload, size })}: ${reason}`

const sizeText = (size: number | null): string =>
  size === null ? 'none in range' : formatSize(Math.round(size))

/** Everything but the cells themselves, each point a sentence. */
export function findings(comparison: Comparison): readonly string[] {
  const { by, flipped, flippedUnderLoad, crossovers, guidance, checksums } = comparison
  const { missing, added, skipped, undecidedNow } = comparison
  // Where results differ, that is the error.
  const differing = new Set(by === 'turns' ? checksums.map(cellText) : [])
  const failed = missing.filter((cell) => cell.executor !== null && !differing.has(missingText(cell)))
  const gone = missing.filter(({ executor }) => executor === null)
  return [
    ...told(
      flipped,
      'Verdicts flipped',
      (flip) => `Verdict flipped: ${raceText(flip)}: ${formatList(flip.from)}, now ${formatList(flip.to)}.`,
    ),
    ...told(
      flippedUnderLoad,
      'Verdicts flipped under load',
      (flip) =>
        `Verdict flipped: ${raceText(flip)}: ${formatList(flip.from)}, now ${formatList(flip.to)}. No alarm: other programs were at work beside one of the results, and pools lose cores to them.`,
    ),
    ...(checksums.length === 0
      ? []
      : [
          by === 'turns'
            ? `Not compared, since the versions gave different results (checksums differ): ${names(checksums)}.`
            : `Other results than before (checksums differ): ${names(checksums)}.`,
        ]),
    ...(failed.length === 0
      ? []
      : [
          by === 'turns'
            ? `Measured in the other version, and here with an error: ${listed(failed.map(missingText))}.`
            : `Measured before, and now not or with an error: ${listed(failed.map(missingText))}.`,
        ]),
    ...(gone.length === 0
      ? []
      : [`Only in the other version, and so not compared: ${listed(gone.map(missingText))}.`]),
    ...(added.length === 0
      ? []
      : [by === 'turns' ? `An error in the other version: ${names(added)}.` : `New: ${names(added)}.`]),
    ...[...new Set(skipped.map(skipText))].map((text) => `Not measured: ${text}.`),
    ...told(
      crossovers,
      'Crossovers moved',
      ({ workload, from, to, before, after }) =>
        `Crossover moved: ${workload}, ${from} to ${to}: ${sizeText(before)}, now ${sizeText(after)}.`,
    ),
    ...guidance.map(
      ({ claim, runtime, before, after }) => `"${claim}" (${runtime}): ${before}, now ${after}.`,
    ),
    ...(undecidedNow.length === 0
      ? []
      : [`Decided in the baseline, undecided now: ${listed(undecidedNow.map(raceText))}.`]),
  ]
}

/** How the numbers came about and what they cannot show. */
export function evidence(comparison: Comparison): readonly string[] {
  return [
    ...(comparison.cells.length === 0 ? [] : [counted(comparison)]),
    ...(comparison.interrupted === undefined
      ? []
      : [
          `The run was ended before its time (${comparison.interrupted}): if that was for what it seemed to show, it shows less.`,
        ]),
    ...machines(comparison),
    ...sensitivity(comparison),
  ]
}
