/** GitHub's annotations: a line on the console for each, shown beside the files of a pull request. */

import { basename } from 'node:path'
import type { Comparison } from '../../analysis/comparison.ts'
import {
  cellText,
  headline,
  missingReason,
  missingText,
  raceText,
  sensitivity,
} from '../../analysis/comparison/sentences.ts'
import { formatList, formatPercent } from '../../analysis/quantities.ts'
import type { Result } from '../../results/schema.ts'
import { escapeText } from '../escape.ts'

/** GitHub shows so many of a kind for a step. */
const mostShown = 10

const escapeData = (text: string): string => escapeText(text).replaceAll('%', '%25')
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
  readonly file?: string
  readonly line?: string
}

function written({ level, title, message, file, line }: Annotation): string {
  const properties = Object.entries({ file, line, title }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(value)}`],
  )
  return `::${level} ${properties.join(',')}::${escapeData(message)}`
}

/** The first of each level, the rest in a number. */
function limited(annotations: readonly Annotation[]): string {
  const shown = (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const ofLevel = annotations.filter((annotation) => annotation.level === level)
    if (ofLevel.length <= mostShown) return ofLevel
    const title = `${ofLevel.length - mostShown + 1} more`
    return [...ofLevel.slice(0, mostShown - 1), { level, title, message: 'See the report for all of them.' }]
  })
  return shown.map((annotation) => `${written(annotation)}\n`).join('')
}

/** An error for each cell that failed, a warning for each thing that makes the result doubtful; empty if there is none. */
export function resultAnnotations({ cells, workloads = [], warnings = [] }: Result): string {
  const files = new Map(workloads.map(({ name, file }) => [name, file]))
  return limited([
    ...cells.flatMap((cell) => {
      const { error, workload } = cell
      if (error === null) return []
      const file = files.get(workload)
      // What failed may be in another file, which the location names without its folder.
      const [, inFile, line] = /^(.*):(\d{1,9})$/u.exec(error.location ?? '') ?? []
      const isThere = file !== undefined && inFile !== undefined && basename(file) === inFile
      return [
        {
          level: 'error' as const,
          title: cellText(cell),
          message: `${error.name}: ${error.message}`,
          ...(file === undefined ? {} : { file }),
          ...(isThere && line !== undefined ? { line } : {}),
        },
      ]
    }),
    ...warnings.map((message) => ({ level: 'warning' as const, title: 'boundby', message })),
  ])
}

/** What changed: errors where it raises the alarm. */
export function comparisonAnnotations(comparison: Comparison): string {
  const { cells, flipped, missing, checksums, failOn } = comparison
  const levelOf = (kind: Comparison['failOn'][number]) => (failOn.includes(kind) ? 'error' : 'warning')
  return limited([
    ...cells.flatMap((cell) =>
      cell.change === 'slower' && cell.ratio !== null
        ? [
            {
              level: levelOf('slower'),
              title: cellText(cell),
              message: `slower by ${formatPercent(cell.ratio - 1)}`,
            } as const,
          ]
        : [],
    ),
    ...flipped.map(
      (flip) =>
        ({
          level: levelOf('flipped'),
          title: raceText(flip),
          message: `the verdict flipped: ${formatList(flip.from)}, now ${formatList(flip.to)}`,
        }) as const,
    ),
    // Told here only where they fail the job: otherwise a line of the report is enough.
    ...(failOn.includes('missing') ? missing : []).map(
      (cell) =>
        ({
          level: 'error',
          title: missingText(cell),
          message: missingReason(cell, comparison.by),
        }) as const,
    ),
    ...(failOn.includes('checksum') ? checksums : []).map(
      (cell) =>
        ({ level: 'error', title: cellText(cell), message: 'gives another result than before' }) as const,
    ),
    {
      level: comparison.alarm ? 'error' : 'notice',
      title: 'boundby compare',
      message: [headline(comparison), ...sensitivity(comparison)].join(' '),
    },
  ])
}
