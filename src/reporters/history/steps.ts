/** A step of a cell in words. */

import type { History, Step } from '../../analysis/history.ts'
import { formatRatio } from '../../analysis/quantities.ts'

export function describeStep(
  { at, change, ratio, isConfirmed }: Step,
  { startedAt }: Pick<History, 'startedAt'>,
): string {
  const when = startedAt[at]?.slice(0, 10) ?? `run ${at + 1}`
  const much = change === 'slower' ? formatRatio(ratio) : formatRatio(1 / ratio)
  return `${change} by ${much} on ${when}${isConfirmed ? '' : ' (seen once)'}`
}
