/** The options of each command, as yargs takes them; choices follow from the registries. */

import { maxLaunches } from '../analysis/verdict.ts'
import { executorIds } from '../executors/index.ts'
import { racingExecutorIds } from '../harness/python/executors.ts'
import { reporters } from '../reporters/index.ts'
import { baselineFile, historyFolder } from './keep.ts'
import { once, several } from './option.ts'
import * as values from './values.ts'

const reporterIds = Object.keys(reporters)
const reporterSummaries = Object.entries(reporters)
  .map(([id, { summary }]) => `${id}: ${summary}`)
  .join('; ')
const suites = ['default', 'full'] as const
const suiteBudgetsMs = { default: 90_000, full: 600_000 } as const

/** Time that a suite needs on two cores for launches enough to decide what is clear. */
export function defaultBudgetMs(suite: keyof typeof suiteBudgetsMs, isControl: boolean): number {
  // Twice the arms, and each executor sets its workload up by itself.
  return suiteBudgetsMs[suite] * (isControl ? 3 : 1)
}

const textOrJson = ['text', 'json'] as const
export const largestSeed = 2 ** 32 - 1

const what = 'What to measure:'
const how = 'How to measure:'
const output = 'What comes out:'

const ascii = {
  type: 'boolean',
  default: false,
  describe: 'Draw with ASCII only; by itself where the locale or TERM has no more',
} as const

export const runOptions = {
  workloads: {
    ...several(values.parseList, '--workloads'),
    group: what,
    describe: 'Only workloads of these names; globs such as "file-*"',
  },
  executors: {
    ...several((option, texts) => values.parseChoices(option, texts, racingExecutorIds), '--executors'),
    group: what,
    defaultDescription: racingExecutorIds.join(','),
    describe: "Which execution models compete; CPython's take part where a workload has a Python twin",
  },
  python: {
    ...several((option, texts) => values.parseList(option, texts), '--python'),
    group: what,
    defaultDescription: 'the python3 on the PATH',
    describe: 'A Python interpreter (>= 3.9) for the twins; repeatable, free-threaded builds too',
  },
  sizes: {
    ...several(values.parseSizes, '--sizes'),
    group: what,
    describe: 'Only these sizes, such as 1000,1e6; default: those of the suite',
  },
  suite: {
    ...once((option, text) => values.parseChoice(option, text, suites), '--suite'),
    group: what,
    default: 'default',
    describe: 'default: the sizes that tell the story; full: all',
  },
  'find-crossover': {
    type: 'boolean',
    group: how,
    default: true,
    describe:
      'Measure up to two more sizes of a workload where another executor takes the lead; --find-crossover=false: only those listed',
  },
  control: {
    type: 'boolean',
    group: how,
    default: false,
    describe: 'Races each executor against itself: winners named there are false',
  },
  'max-workers': {
    ...several(
      (option, texts) =>
        values.parseList(option, texts).map((text) => values.parseInteger(option, text, 1, 1024)),
      '--max-workers',
    ),
    group: how,
    describe: 'Workers of a pool; each of a list such as 2,8 competes by itself; default: a pilot chooses',
  },
  'tasks-in-flight': {
    ...once((option, text) => values.parseInteger(option, text, 1, 65_536), '--tasks-in-flight'),
    group: how,
    default: '1',
    describe: 'Tasks that one worker of a pool has in flight at once',
  },
  budget: {
    ...once(values.parseDuration, '--budget'),
    group: how,
    describe:
      'Total time, shared out to all races; default: 90s, or 10m for the full suite; three times that for a control',
  },
  'least-launches': {
    ...once((option, text) => values.parseInteger(option, text, 1, maxLaunches), '--least-launches'),
    group: how,
    describe: `At least so many launches of each cell, decided or not, if the budget has time for them: for a result that others are compared with; up to ${maxLaunches}`,
  },
  timeout: {
    ...once(values.parseDuration, '--timeout'),
    group: how,
    default: '30s',
    describe: 'A task that takes longer fails its cell',
  },
  confidence: {
    ...once(values.parseShare, '--confidence'),
    group: how,
    default: '0.95',
    describe: 'How sure a verdict must be',
  },
  margin: {
    ...once(values.parseShare, '--margin'),
    group: how,
    default: '5%',
    describe: 'A smaller difference does not matter: a tie',
  },
  seed: {
    ...once((option, text) => values.parseInteger(option, text, 0, largestSeed), '--seed'),
    group: how,
    describe: 'Of the random order of the rounds; default: a new one, kept in the result',
  },
  shard: {
    ...once(values.parseShard, '--shard'),
    group: how,
    describe:
      'Only a part of the races, such as 1/4, in its part of the budget: the others run elsewhere, and `boundby merge` joins them. All need the same options, and --seed (0 if not given)',
  },
  'what-if': {
    ...several(values.parseWhatIf, '--what-if'),
    group: output,
    describe:
      'Also predict for a machine or a service that is not here: cores=16,latency=2ms, or one of them',
  },
  resume: {
    type: 'boolean',
    group: how,
    default: false,
    describe:
      'Go on with a run of the same call (but for --budget, which may be another) that was interrupted, killed, or lost its machine: what it measured counts, and so does its time',
  },
  out: {
    ...once(values.parseFile, '--out'),
    group: output,
    default: 'results/latest.json',
    describe: 'The result file',
  },
  reporter: {
    ...several(
      (option, texts) => texts.map((text) => values.parseReportTarget(option, text, reporterIds)),
      '--reporter',
    ),
    group: output,
    default: 'table',
    describe: `NAME or NAME=FILE, repeatable; ${reporterSummaries}`,
  },
  'save-baseline': {
    type: 'boolean',
    group: output,
    default: false,
    describe: `Also write the result to ${baselineFile}, for boundby compare`,
  },
  'save-history': {
    type: 'boolean',
    group: output,
    default: false,
    describe: `Also add the result to ${historyFolder}, for boundby history`,
  },
  quiet: { type: 'boolean', group: output, default: false, describe: 'No progress on stderr' },
  ascii: { ...ascii, group: output },
} as const

export const reportOptions = {
  format: {
    ...once((option, text) => values.parseChoice(option, text, reporterIds), '--format'),
    choices: reporterIds,
    default: 'table',
    describe: `What kind of report; ${reporterSummaries}`,
  },
  out: {
    ...once(values.parseFile, '--out'),
    describe: 'The file of the report; default: stdout',
  },
  ascii,
} as const

export const mergeOptions = {
  out: {
    ...once(values.parseFile, '--out'),
    demandOption: true,
    describe: 'The result file that all of them become',
  },
  'keep-environments': {
    type: 'boolean',
    default: false,
    describe:
      'Accept results of different machines: each workload is then listed once for each of them, and nothing is compared across',
  },
} as const

/** Of the commands that print what they found. */
export const textOrJsonOptions = {
  reporter: {
    ...once((option, text) => values.parseChoice(option, text, textOrJson), '--reporter'),
    default: 'text',
    describe: 'text: for a human; json: for a program',
  },
} as const

export const diagnoseOptions = {
  input: {
    ...several((option, texts) => texts.map((text) => values.parseInput(option, text)), '--input'),
    group: what,
    describe: 'What to call it with, as JSON or @FILE with JSON; repeatable: in turn; default: undefined',
  },
  executors: {
    ...several((option, texts) => values.parseChoices(option, texts, executorIds), '--executors'),
    group: what,
    describe: 'Which execution models compete; default: those in question',
  },
  'max-workers': runOptions['max-workers'],
  budget: { ...runOptions.budget, default: '15s', describe: 'Total time; a quick answer takes less' },
  timeout: { ...runOptions.timeout, describe: 'A call that takes longer fails' },
  reporter: { ...textOrJsonOptions.reporter, group: output },
  quiet: runOptions.quiet,
} as const

export const tutorialOptions = {
  step: {
    ...once((_option, text) => text, '--step'),
    describe: 'Only this step, such as 2',
  },
} as const
