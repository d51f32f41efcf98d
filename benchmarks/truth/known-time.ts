/** How long one task of the workloads of known truth takes: so long that handing it over is next to nothing. */

export const taskMs = 50

/** One input a task. */
export const inputs = (size: number): number[] => Array.from({ length: size }, (_, index) => index)

/** One task, so few that workers are idle at the end, and so many that they are all busy. */
export const sizes = [1, 7, 16]
