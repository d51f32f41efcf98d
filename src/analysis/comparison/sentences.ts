/** What a comparison found, in words: the answer first, then how far it can be trusted. */

import { median } from '../../stats/summary.ts'
import type { AlarmKind, CellName, Comparison } from '../comparison.ts'
import { formatCount, formatList, formatPercent, formatRatio, formatSize } from '../quantities.ts'

const alarmWords: Readonly<Record<AlarmKind, string>> = {
  slower: 'cells became slower',
  flipped: 'verdicts flipped',
  missing: 'cells are missing',
  checksum: 'checksums changed',
}

/** `threads`; `python-threads (cpython 3.13.1)`. */
export const executorText = ({ executor, runtime }: CellName): string =>
  runtime === undefined ? executor : `${executor} (${runtime})`

export const cellText = (cell: CellName): string =>
  `${cell.workload} at ${formatSize(cell.size)}, ${executorText(cell)}`

const percentOf = (ratio: number): string => formatPercent(ratio - 1)

/** In one sentence: whether there is an alarm, and for what. */
export function headline({ alarm, alarms, cells, failOn }: Comparison): string {
  if (alarm) return `Alarm: ${formatList(alarms.map((kind) => alarmWords[kind]))}.`
  if (cells.length === 0) return 'Nothing to compare: the results have no cell in common.'
  const watched = failOn.length === 0 ? 'nothing raises one' : `watched: ${formatList(failOn)}`
  return `No alarm (${watched}).`
}

function counted({ cells, by }: Comparison): string {
  const count = (kind: string): number => cells.filter(({ change }) => change === kind).length
  const what = by === 'ratios' ? ' (by their ratio to serial)' : ''
  return `Of ${formatCount(cells.length, 'cell')} of both${what}: ${count('slower')} slower, ${count('faster')} faster, ${count('unchanged')} unchanged, ${count('unclear')} unclear.`
}

/** What would have gone unseen: silence of a comparison means little without it. */
function sensitivity({ cells, by }: Comparison): readonly string[] {
  const found = cells.flatMap(({ detectable }) => detectable ?? []).toSorted((a, b) => a - b)
  const blind = cells.length - found.length
  const best = found[0]
  const worst = found.at(-1)
  if (cells.length === 0 || by === 'turns') return []
  const cannot =
    blind === 0
      ? []
      : [
          `In ${formatCount(blind, 'cell')} no slowdown could be found: too few launches, or a busy machine without enough workloads to tell it apart.`,
        ]
  if (best === undefined || worst === undefined) return cannot
  const what = by === 'ratios' ? 'change of a ratio' : 'slowdown'
  return [
    `Smallest ${what} that would be found nine times in ten: ${percentOf(median(found))} in a typical cell, ${percentOf(best)} in the steadiest, ${percentOf(worst)} in the noisiest. More launches (--least-launches, on both days) find smaller ones.`,
    ...cannot,
  ]
}

function machines({
  environments,
  by,
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
          `Beyond their own noise, cells differ by ${formatPercent(Math.expm1(betweenCells))} between the two days; every change has to clear that too.`,
        ]
  if (by === 'turns')
    return [
      'Both versions took turns in every launch of this run, so that a slow spell of the machine hit both.',
    ]
  if (by === 'ratios')
    return [
      ...(differences.length === 0
        ? []
        : [`Other machines (${differences.join('; ')}): only ratios and verdicts are compared.`]),
      ...between,
    ]
  if (cells.length === 0) return []
  const common = isShiftKnown
    ? `All cells together took ${formatRatio(shift)} as long as before (median). That is taken out below: a slower machine looks like that, and so does a change that slows everything down alike.`
    : 'With fewer than three workloads in both, a slower machine cannot be told from a change; nothing was taken out.'
  return [common, ...between]
}

const names = (cells: readonly CellName[]): string => {
  const most = 5
  const shown = cells.slice(0, most).map(cellText)
  return cells.length > most ? `${shown.join('; ')}; and ${cells.length - most} more` : shown.join('; ')
}

const sizeText = (size: number | null): string =>
  size === null ? 'none in range' : formatSize(Math.round(size))

/** Everything but the cells themselves, each point a sentence. */
export function findings(comparison: Comparison): readonly string[] {
  const { flipped, crossovers, guidance, checksums, missing, added } = comparison
  return [
    ...flipped.map(
      ({ workload, size, runtime, from, to }) =>
        `Verdict flipped: ${workload} at ${formatSize(size)}${runtime === undefined ? '' : ` (${runtime})`}: ${formatList(from)}, now ${formatList(to)}.`,
    ),
    ...(checksums.length === 0 ? [] : [`Other results than before (checksums differ): ${names(checksums)}.`]),
    ...(missing.length === 0 ? [] : [`Measured before, and now not or with an error: ${names(missing)}.`]),
    ...(added.length === 0 ? [] : [`New: ${names(added)}.`]),
    ...crossovers.map(
      ({ workload, from, to, before, after }) =>
        `Crossover moved: ${workload}, ${from} to ${to}: ${sizeText(before)}, now ${sizeText(after)}.`,
    ),
    ...guidance.map(
      ({ claim, runtime, before, after }) => `"${claim}" (${runtime}): ${before}, now ${after}.`,
    ),
    ...(comparison.undecidedNow === 0
      ? []
      : [`${formatCount(comparison.undecidedNow, 'verdict')} decided in the baseline, undecided now.`]),
  ]
}

/** How the numbers came about and what they cannot show. */
export function evidence(comparison: Comparison): readonly string[] {
  return [
    ...(comparison.cells.length === 0 ? [] : [counted(comparison)]),
    ...machines(comparison),
    ...sensitivity(comparison),
  ]
}
