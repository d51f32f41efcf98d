/** JUnit XML, which every CI shows: a suite for each workload, a case for each cell. */

import type { ComparedCell, Comparison, FoundCell, MissingCell } from '../../analysis/comparison.ts'
import { withoutPatch } from '../../analysis/comparison/interpreters.ts'
import { cellText, missingReason, missingText } from '../../analysis/comparison/sentences.ts'
import { groupBy } from '../../analysis/group-by.ts'
import { formatList, formatPercent, formatSize } from '../../analysis/quantities.ts'
import type { Cell, Result } from '../../results/schema.ts'
import type { ComparisonReporter } from '../comparison/reporter.ts'
import type { Reporter } from '../reporter.ts'
import { testNames } from './measured-cells.ts'
import { element } from './xml.ts'

interface Case {
  readonly suite: string
  readonly name: string
  readonly seconds: number
  /** What went wrong, if anything: of the code under test, or of the measurement itself. */
  readonly problem?: { readonly tag: 'failure' | 'error'; readonly type: string; readonly message: string }
  /** Why it says nothing, if it does: neither passed nor failed. */
  readonly skipped?: string
}

function document(cases: readonly Case[]): string {
  const count = (of: readonly Case[], tag: string): number =>
    of.filter(({ problem }) => problem?.tag === tag).length
  const totals = (of: readonly Case[]) => ({
    tests: of.length,
    failures: count(of, 'failure'),
    errors: count(of, 'error'),
    time: of.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(6),
  })
  const suites = Array.from(
    groupBy(cases, ({ suite }) => suite),
    ([suite, own]) =>
      element(
        'testsuite',
        { name: suite, ...totals(own), skipped: own.filter(({ skipped }) => skipped !== undefined).length },
        own.map(({ name, seconds, problem, skipped }) =>
          element('testcase', { classname: `boundby.${suite}`, name, time: seconds.toFixed(6) }, [
            ...(problem === undefined
              ? []
              : [element(problem.tag, { type: problem.type, message: problem.message })]),
            ...(skipped === undefined ? [] : [element('skipped', { message: skipped })]),
          ]),
        ),
      ),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'boundby', ...totals(cases) }, suites)}\n`
}

function caseOf(cell: Cell, name: string): Case {
  const { workload, error, medianMs } = cell
  const seconds = (medianMs ?? 0) / 1000
  if (error === null) return { suite: workload, name, seconds }
  const where = error.location === undefined ? '' : ` (${error.location})`
  const message = `${error.name}: ${error.message}${where}`
  return { suite: workload, name, seconds, problem: { tag: 'error', type: error.name, message } }
}

export const junitReporter: Reporter = {
  summary: 'JUnit XML; failed cells are errors',
  render({ cells }: Result) {
    const nameOf = testNames(cells)
    return document(cells.map((cell) => caseOf(cell, nameOf(cell))))
  },
}

const failure = (type: string, message: string) => ({ problem: { tag: 'failure', type, message } }) as const

const unclear = ({ detectable }: ComparedCell): string =>
  detectable === null
    ? 'unclear: no slowdown could be found'
    : `unclear: a slowdown would be found nine times in ten from ${formatPercent(detectable - 1)} on`

const isCell = (cell: MissingCell): cell is MissingCell & FoundCell => cell.executor !== null
const goneName = ({ size }: MissingCell): string =>
  size === null ? 'all sizes' : `${formatSize(size)} all executors`

/**
 * One case for each cell, which a cell that is gone fails, and one for each verdict that flipped; what raises no alarm is
 * no failure.
 */
function comparedCases({ by, cells, flipped, missing, added, checksums, failOn }: Comparison): Case[] {
  const nameOf = testNames([...cells, ...missing.filter(isCell), ...added, ...checksums])
  return [
    ...cells.map((cell) => {
      const { workload, change, ratio, interval, candidateMs } = cell
      const fails = change === 'slower' && failOn.includes('slower') && ratio !== null
      const range =
        interval === null ? '' : `, ${formatPercent(interval[0] - 1)} to ${formatPercent(interval[1] - 1)}`
      return {
        suite: workload,
        name: nameOf(cell),
        seconds: candidateMs / 1000,
        ...(fails ? failure('slower', `slower by ${formatPercent(ratio - 1)}${range}`) : {}),
        ...(change === 'unclear' && failOn.includes('slower') ? { skipped: unclear(cell) } : {}),
      }
    }),
    ...flipped.map(({ workload, size, runtime, from, to }) => ({
      suite: workload,
      name: `${formatSize(size)} verdict${runtime === undefined ? '' : ` (${withoutPatch(runtime)})`}`,
      seconds: 0,
      ...(failOn.includes('flipped') ? failure('flipped', `${formatList(from)}, now ${formatList(to)}`) : {}),
    })),
    ...(failOn.includes('missing') ? missing : []).map((cell) => ({
      suite: cell.workload,
      name: isCell(cell) ? nameOf(cell) : goneName(cell),
      seconds: 0,
      ...failure('missing', `${missingText(cell)} ${missingReason(cell, by)}`),
    })),
    ...(failOn.includes('checksum') ? checksums : []).map((cell) => ({
      suite: cell.workload,
      name: `${nameOf(cell)} checksum`,
      seconds: 0,
      ...failure('checksum', `${cellText(cell)} gives another result than before`),
    })),
  ]
}

export const comparisonJunit: ComparisonReporter = {
  summary: 'JUnit XML; what raises the alarm fails',
  render: (comparison) => document(comparedCases(comparison)),
}
