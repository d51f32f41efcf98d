/** The launches of a cell, as another day's are held against them. */

import type { Cell } from '../../results/schema.ts'
import { undisturbed } from '../../stats/undisturbed.ts'

/** A launch as a logarithm, and that of its yardstick; null where the result does not tell. */
export interface Launch {
  readonly log: number
  readonly yardstick: number | null
}

const isPositive = (value: number | undefined): value is number =>
  value !== undefined && value > 0 && Number.isFinite(value)

/**
 * A launch is what its makespans are undisturbed. Without the yardstick where a file has not one for each launch.
 */
export function launchesOf({ launches, yardstickMs = [] }: Cell): Launch[] {
  const isWhole = yardstickMs.length === launches.length
  return launches.flatMap((makespansMs, index) => {
    const makespanMs = undisturbed(makespansMs)
    if (!isPositive(makespanMs)) return []
    const beside = yardstickMs[index]
    const yardstick = isWhole && isPositive(beside) ? Math.log(beside) : null
    return [{ log: Math.log(makespanMs), yardstick }]
  })
}
