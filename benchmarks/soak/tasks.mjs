/** The soak's tasks; plain JavaScript, since workers import it as it is. */

/** @param {number} value */
export const echo = (value) => value

/** What is alive in the worker's heap, in bytes; needs --expose-gc. */
export const liveBytes = () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
