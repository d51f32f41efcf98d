/** The options of the commands that hold results against each other. */

import { alarmKinds } from '../analysis/comparison.ts'
import type { AlarmKind } from '../analysis/comparison.ts'
import { UsageError } from '../errors.ts'
import { executorIds } from '../executors/index.ts'
import { comparisonReporters } from '../reporters/comparison/index.ts'
import { once, several } from './option.ts'
import { runOptions } from './options.ts'
import * as values from './values.ts'

export const historyOptions = {
  margin: {
    ...once(values.parseShare, '--margin'),
    default: '5%',
    describe: 'A smaller step does not matter',
  },
  reporter: {
    ...once((option, text) => values.parseReportTarget(option, text, ['text', 'html', 'json']), '--reporter'),
    default: 'text',
    describe: 'NAME or NAME=FILE; text: for the terminal; html: a page with charts; json: for a program',
  },
} as const

/** `none`, or a list of what to raise an alarm for. */
function parseAlarms(option: string, texts: readonly string[]): AlarmKind[] {
  const named = values.parseChoices(option, texts, [...alarmKinds, 'none'])
  if (named.length > 1 && named.includes('none'))
    throw new UsageError(`${option}: expected none alone, or what to fail on, received ${named.join(',')}.`)
  return alarmKinds.filter((kind) => named.includes(kind))
}

const inTurns = 'Two versions measured in turns:'

/** An option of `run`, which here is not even looked at unless it was given. */
function onlyIfGiven<Option extends object>(option: Option) {
  const copy = { ...option, group: inTurns }
  Reflect.deleteProperty(copy, 'default')
  return copy as Omit<Option, 'default'> & { readonly group: string }
}

/** Of `compare --against` only. */
export const inTurnsOptions = {
  against: {
    ...once(values.parseText, '--against'),
    group: inTurns,
    describe:
      'A folder like this one, or a commit of git: races its workloads against those here; files and folders of workloads take the place of results',
  },
  workloads: onlyIfGiven(runOptions.workloads),
  executors: onlyIfGiven({
    ...runOptions.executors,
    ...several((option, texts) => values.parseChoices(option, texts, executorIds), '--executors'),
  }),
  sizes: onlyIfGiven(runOptions.sizes),
  'max-workers': onlyIfGiven(runOptions['max-workers']),
  budget: {
    ...onlyIfGiven(runOptions.budget),
    describe: 'Total time, shared out to all workloads and executors; default: 4m30s',
  },
  timeout: onlyIfGiven(runOptions.timeout),
  seed: onlyIfGiven(runOptions.seed),
  out: {
    ...onlyIfGiven(runOptions.out),
    describe: 'The result file of the race; default: results/against.json',
  },
} as const

export const compareOptions = {
  ...inTurnsOptions,
  quiet: { type: 'boolean', default: false, describe: 'No progress on stderr' },
  'fail-on': {
    ...several(parseAlarms, '--fail-on'),
    default: 'slower,flipped',
    describe: `Exit with 1 if any cell is one of: ${alarmKinds.join(', ')}; or none`,
  },
  margin: {
    ...once(values.parseShare, '--margin'),
    default: '5%',
    describe: 'A smaller difference does not matter',
  },
  'across-environments': {
    type: 'boolean',
    default: false,
    describe: 'Compare results of different machines, by ratios and verdicts only',
  },
  reporter: {
    ...several(
      (option, texts) =>
        texts.map((text) => values.parseReportTarget(option, text, Object.keys(comparisonReporters))),
      '--reporter',
    ),
    default: 'table',
    describe: `NAME or NAME=FILE, repeatable; ${Object.entries(comparisonReporters)
      .map(([id, { summary }]) => `${id}: ${summary}`)
      .join('; ')}`,
  },
} as const
