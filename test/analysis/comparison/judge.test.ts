/** Cells of a workload that changed as a whole. */

import { expect, it } from 'vitest'
import { changesOf } from '#dist/analysis/comparison/changes.js'
import { plainLaunch } from './days.js'

const options = { margin: 0.05, error: 0.005, isDisturbed: false, areTimes: true }
const launches = 10

/** Launches that spread by 2 %, each cell in an order of its own. */
const around = (centre: number, turn: number) =>
  Array.from({ length: launches }, (_, launch) =>
    plainLaunch(centre + (((launch * 7 + turn * 3) % launches) - (launches - 1) / 2) * 0.007),
  )

it.each([
  ['slower', 1],
  ['faster', -1],
] as const)('are not %s if they do not seem so, however sure the whole is', (change, sign) => {
  const samples = Array.from({ length: 8 }, (_, workload) =>
    ['serial', 'threads'].map((executor, index) => {
      const isChanged = workload === 3 && executor === 'serial'
      const turn = 2 * workload + index
      return {
        workload: `w${workload}`,
        executor,
        computing: 1,
        baseline: around(0, turn),
        candidate: around(isChanged ? sign * 0.6 : 0, turn + 1),
      }
    }),
  ).flat()
  const { changes } = changesOf(samples, options)
  expect(changes.map((each) => each.change === change)).toEqual(
    samples.map(({ workload, executor }) => workload === 'w3' && executor === 'serial'),
  )
})
