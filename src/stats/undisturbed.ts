/** How long something takes while nothing disturbs it. */

import { quantile } from './bootstrap.ts'

/** Not the very shortest: that of many falls below that of few, and samples differ in size. */
const lowest = 0.03

/**
 * The value that three in a hundred of the sample are below; NaN for an empty sample. What else a machine does makes times
 * longer and never shorter, so that the shortest are steadier than the mean or the median, which tell how often it was
 * disturbed (Chen and Revels 2016, who take the minimum).
 */
export const undisturbed = (sample: readonly number[]): number => quantile(sample, lowest)
