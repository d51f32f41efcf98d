/** Makespan against size, both on logarithmic scales, in characters: who is below whom, and where the lead changes. */

import { measuredCell } from '../analysis/by-workload.ts'
import type { Arm, WorkloadResult } from '../analysis/by-workload.ts'
import { formatDuration, formatSize } from '../analysis/quantities.ts'
import type { Result } from '../results/schema.ts'
import type { Style } from './style.ts'

interface Point {
  readonly size: number
  readonly ms: number
}

interface Curve {
  readonly arm: Arm
  readonly letter: string
  /** By ascending size; at least two. */
  readonly points: readonly Point[]
}

const widest = 78
const indent = 2
const rowsPerDecade = 4
const [fewestRows, mostRows] = [5, 12]

/**
 * A letter an executor, all along its curve; where curves meet, the letter of the fastest. None if fewer than two
 * executors were measured at two sizes.
 * @param isWanted also where the lead does not change.
 */
export function renderSizeChart(
  workload: WorkloadResult,
  { crossovers }: Pick<Result, 'crossovers'>,
  isWanted: boolean,
  style: Style,
): string[] {
  const curves = curvesOf(workload)
  const crossings = crossovers.flatMap(({ workload: name, runtime = 'node', size }) =>
    name === workload.name && runtime === 'node' ? (size ?? []) : [],
  )
  if (workload.control !== null || (crossings.length === 0 && !isWanted)) return []
  const points = curves.flatMap((curve) => curve.points)
  if (curves.length < 2) return []
  const [leastSize, mostSize] = endsOf(points.map(({ size }) => size))
  const [leastMs, mostMs] = endsOf(points.map(({ ms }) => ms))
  const height = Math.min(
    mostRows,
    Math.max(fewestRows, Math.round(rowsPerDecade * Math.log10(mostMs / leastMs))),
  )
  const rowOf = (ms: number): number => height - 1 - place(ms, leastMs, mostMs, height)
  const labels = new Map(
    decadesBetween(leastMs, mostMs).map((ms) => [rowOf(ms), formatDuration(ms).replace(/\.0+(?= )/u, '')]),
  )
  const labelWidth = Math.max(...[...labels.values()].map(({ length }) => length))
  const width = Math.min(style.width, widest) - indent - labelWidth - 2
  const columnOf = (size: number): number => place(size, leastSize, mostSize, width)

  const canvas = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '))
  const found = crossings.filter((size) => size > leastSize && size < mostSize)
  for (const size of found) for (const row of canvas) row[columnOf(size)] = '│'
  for (let column = 0; column < width; column++) {
    const size = leastSize * (mostSize / leastSize) ** (column / (width - 1))
    const here = curves.flatMap(({ letter, points: own }) => {
      const ms = msAt(own, size)
      return ms === null ? [] : [{ letter, ms }]
    })
    for (const { letter, ms } of here.toSorted((one, other) => other.ms - one.ms)) {
      const row = canvas[rowOf(ms)]
      if (row !== undefined) row[column] = letter
    }
  }

  const margin = ' '.repeat(indent)
  const key = curves.map(({ arm, letter }) => `${letter} ${arm.label}`).join(', ')
  return [
    style.paint('quiet', style.paragraph(`Makespan by size, both logarithmic: ${key}`)),
    ...canvas.map(
      (row, index) => `${margin}${(labels.get(index) ?? '').padStart(labelWidth)} │${row.join('').trimEnd()}`,
    ),
    `${margin}${' '.repeat(labelWidth)} └${'─'.repeat(width)}`,
    `${margin}${' '.repeat(labelWidth + 2)}${sizeLabels(leastSize, mostSize, found, columnOf, width)}`,
  ]
}

/** Those of CPython beside those of Node: they are on the same clock. */
function curvesOf(workload: WorkloadResult): readonly Curve[] {
  const taken = new Set<string>()
  return [workload, ...workload.twins].flatMap(({ arms, sizes }) =>
    arms.flatMap((arm) => {
      const points = sizes.flatMap((at) => {
        const cell = measuredCell(at, arm)
        return cell === undefined || cell.medianMs <= 0 ? [] : [{ size: at.size, ms: cell.medianMs }]
      })
      if (points.length < 2) return []
      const letter = letterFor(arm, taken)
      taken.add(letter)
      return [{ arm, letter, points }]
    }),
  )
}

const spareLetters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789')

/** The first letter of the model, for CPython a capital; another one where several workers compete. */
function letterFor({ executor }: Arm, taken: ReadonlySet<string>): string {
  const isPython = executor.startsWith('python-')
  const first = (isPython ? executor.slice('python-'.length) : executor).charAt(0)
  const wanted = isPython ? first.toUpperCase() : first
  return [wanted, ...spareLetters].find((letter) => !taken.has(letter)) ?? '*'
}

const endsOf = (values: readonly number[]): [least: number, most: number] => [
  Math.min(...values),
  Math.max(...values),
]

/** Where a value stands between two others on a logarithmic scale of so many steps. */
function place(value: number, least: number, most: number, steps: number): number {
  if (most <= least) return 0
  return Math.round((Math.log(value / least) / Math.log(most / least)) * (steps - 1))
}

/** On a straight line between the neighbours, as the scales are; null where the curve has no points around. */
function msAt(points: readonly Point[], size: number): number | null {
  // Powers may miss a size by a rounding.
  const above = points.find((point) => point.size >= size * (1 - 1e-9))
  const below = points.findLast((point) => point.size <= size * (1 + 1e-9))
  if (above === undefined || below === undefined) return null
  if (above.size === below.size) return above.ms
  const share = Math.log(size / below.size) / Math.log(above.size / below.size)
  return below.ms * (above.ms / below.ms) ** share
}

function decadesBetween(least: number, most: number): number[] {
  const first = Math.ceil(Math.log10(least) - 1e-9)
  const last = Math.floor(Math.log10(most) + 1e-9)
  const decades = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index))
  return decades.length === 0 ? [least, most] : decades
}

/** The smallest and the largest size, and between them the crossovers for which there is room. */
function sizeLabels(
  leastSize: number,
  mostSize: number,
  crossovers: readonly number[],
  columnOf: (size: number) => number,
  width: number,
): string {
  const last = formatSize(mostSize)
  let line = formatSize(leastSize)
  for (const size of crossovers.toSorted((one, other) => one - other)) {
    const label = `↑ ${formatSize(Number(size.toPrecision(2)))}`
    const column = columnOf(size)
    const start = column + label.length <= width - last.length - 2 ? column : column - label.length + 1
    if (start >= line.length + 2 && start + label.length <= width - last.length - 1)
      line = `${line.padEnd(start)}${label}`
  }
  return `${line.padEnd(Math.max(line.length + 1, width - last.length))}${last}`.slice(0, width)
}
