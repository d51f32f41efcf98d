/** How long one task of the workloads of known truth takes: so long that handing it to a process (1 ms) is nothing. */

export const taskMs = 100

/** One task; an odd number, which leaves a worker idle at the end; an even one, which keeps both busy. */
export const sizes = [1, 7, 8]

/** One input a task. */
export const inputs = (size: number): number[] => Array.from({ length: size }, (_, index) => index)
