/** Fails unless a result of the default suite has every cell and shows what must be true on any machine. */
import { readFileSync } from 'node:fs'

const {
  cells: allCells,
  verdicts,
  skipped,
  environment,
  options,
  durationMs,
} = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const cells = allCells.filter(({ runtime }) => runtime === undefined)
const twins = allCells.filter(({ runtime }) => runtime !== undefined)
const problems = []

/** @param {string} workload @param {number} size */
const medians = (workload, size) =>
  new Map(
    cells
      .filter((cell) => cell.workload === workload && cell.size === size)
      .map((cell) => [cell.executor, cell.medianMs]),
  )
/** @param {Map<string, number>} byExecutor */
const fastest = (byExecutor) => [...byExecutor].toSorted((a, b) => a[1] - b[1])[0]?.[0]

const checksums = new Map()
for (const { workload, size, executor, checksum, error } of allCells) {
  if (error !== null) problems.push(`${workload} ${size} ${executor} failed: ${error.message}`)
  const key = `${workload} ${size}`
  if (checksum !== (checksums.get(key) ?? checksum)) problems.push(`${key}: checksums differ`)
  checksums.set(key, checksum)
}
for (const { workload, size, executor, launches } of cells)
  if (launches.length === 0) problems.push(`${workload} ${size} ${executor} was not measured`)
// How many launches fit is the machine's business; but time that is left goes to the races that have too few for a
// verdict, and none has a winner without them.
const short = cells.filter(({ launches }) => launches.length < 3).length
if (short > 0 && durationMs < 0.7 * options.budgetMs)
  problems.push(`${short} cells have fewer than three launches, although there was time left`)
for (const { workload, size, kind, launches } of verdicts)
  if (kind !== 'undecided' && launches < 3)
    problems.push(`${workload} ${size} was decided with ${launches} launches`)
for (const { workload, size, executor, medianMs, costsMs } of allCells) {
  const { startup: _, ...parts } = costsMs
  const sumMs = Object.values(parts).reduce((sum, partMs) => sum + partMs, 0)
  if (Object.keys(parts).length > 0 && Math.abs(sumMs - medianMs) > 0.01 * medianMs)
    problems.push(`${workload} ${size} ${executor}: its costs add up to ${sumMs} ms, not to ${medianMs} ms`)
}
process.stdout.write(`${short} of ${cells.length} cells have fewer than three launches\n`)
if ((environment.pythons ?? []).length === 0 || twins.length === 0) problems.push('CPython took no part')
if (cells.length !== 4 * checksums.size)
  problems.push(`${cells.length} cells in ${checksums.size} races of four`)
if (!['serial', 'event-loop'].includes(fastest(medians('tiny', 1000))))
  problems.push('a pool was fastest at tiny')
for (const workload of ['timer', 'http-get'])
  if (fastest(medians(workload, 10)) === 'serial') problems.push(`serial was fastest at ${workload}`)

// A slow machine may have no time for the largest sizes; it has to say so, and to show the rest.
for (const { workload, size, executor, reason } of skipped)
  process.stdout.write(`skipped: ${workload} ${size ?? ''} ${executor ?? ''}: ${reason}\n`)
if (cells.length < 60) problems.push(`only ${cells.length} cells`)

process.stdout.write(
  `${cells.length} cells, and ${twins.length} of CPython, in ${checksums.size} races\n${problems.map((line) => `- ${line}\n`).join('')}`,
)
process.exitCode = problems.length === 0 ? 0 : 1
