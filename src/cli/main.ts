/** The command line: what there is to say to boundby, and how it answers a mistake. */

import { randomInt } from 'node:crypto'
import yargs from 'yargs'
import type { Argv } from 'yargs'
import { isPythonExecutor } from '../analysis/by-workload.ts'
import { formatCount, formatList } from '../analysis/quantities.ts'
import { ResultFileError, UsageError } from '../errors.ts'
import { executorIds } from '../executors/index.ts'
import { racingExecutorIds } from '../harness/python/executors.ts'
import { choiceHint, nearest } from '../nearest.ts'
import { escapeText } from '../reporters/escape.ts'
import { version } from '../version.ts'
import {
  compareOptions,
  defaultBudgetMs,
  diagnoseOptions,
  historyOptions,
  inTurnsOptions,
  largestSeed,
  mergeOptions,
  reportOptions,
  runOptions,
  textOrJsonOptions,
  tutorialOptions,
} from './options.ts'
import { historyFolder } from './keep.ts'
import type { Terminal } from './terminal.ts'
import { widthOf } from './terminal.ts'

const flagsOf: Readonly<Record<string, readonly string[]>> = {
  run: Object.keys(runOptions),
  diagnose: Object.keys(diagnoseOptions),
  report: Object.keys(reportOptions),
  merge: Object.keys(mergeOptions),
  list: Object.keys(textOrJsonOptions),
  environment: Object.keys(textOrJsonOptions),
  tutorial: Object.keys(tutorialOptions),
  compare: Object.keys(compareOptions),
  history: Object.keys(historyOptions),
}
const commands = Object.keys(flagsOf)
const widestHelp = 110

function takesPaths<Options>(command: Argv<Options>) {
  return command.positional('paths', {
    type: 'string',
    array: true,
    default: [] as string[],
    defaultDescription: 'benchmarks/workloads, else those that come with boundby',
    describe: 'Workload modules (.ts, .mts, .js, .mjs), or folders of them',
  })
}

const runBuilder = (command: Argv) =>
  takesPaths(command)
    .usage(
      '$0 run [files or folders..]\n\nRaces every workload under every executor (execution model), checks that all gave the same result, and says who wins from which size on.',
    )
    .options(runOptions)
    .example('$0 run', 'the default suite, in a minute and a half')
    .example('$0 run mine.ts --budget 20s', 'a workload of your own')
    .example('$0 run --workloads primes,timer --executors serial,threads', 'a part of it')
    .example('$0 run --reporter table --reporter json=run.json', 'a table here, JSON in a file')
    .epilogue(
      'Exit codes: 0 fine, 1 a failed cell, 2 a mistake in the call, 130 or 143 interrupted (what was measured is saved).',
    )

const diagnoseBuilder = (command: Argv) =>
  command
    .positional('function', {
      type: 'string',
      demandOption: true,
      describe: 'A module (.ts, .mts, .js, .mjs), and after # the function that it exports',
    })
    .usage(
      '$0 diagnose <file>[#export]\n\nSays what bounds a function, which executor to use for it, and why. It is called many times, in processes of its own.',
    )
    .options(diagnoseOptions)
    .example(`$0 diagnose tasks.ts#resize --input '{"width": 100}'`, 'an exported function')
    .example('$0 diagnose tasks.ts', 'its default export, or the only function there is')
    .epilogue(
      'Exit codes: 0 fine, 1 the function throws, takes too long or ends its process, 2 a mistake in the call, 130 or 143 interrupted.',
    )

const reportBuilder = (command: Argv) =>
  command
    .positional('result', {
      type: 'string',
      demandOption: true,
      describe: 'A result file, as `boundby run` writes it',
    })
    .usage('$0 report <result>\n\nMakes any report from a stored result; nothing is measured again.')
    .options(reportOptions)
    .example('$0 report results/latest.json', 'the tables again')
    .example('$0 report results/latest.json --format html --out report.html', 'a page to look at')

const mergeBuilder = (command: Argv) =>
  command
    .positional('results', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Result files, as `boundby run --shard` writes them',
    })
    .usage(
      '$0 merge <results..> --out FILE\n\nJoins the shards of one plan, or runs that measured different things with the same options, and concludes again from all of them together.',
    )
    .options(mergeOptions)
    .example(
      '$0 merge shard-*.json --out results/latest.json',
      'what `run --shard` measured on several machines',
    )
    .epilogue('Exit codes: 0 fine, 1 a failed cell or a shard that is missing, 2 a mistake in the call.')

const listBuilder = (command: Argv) =>
  takesPaths(command)
    .usage('$0 list [files or folders..]\n\nLists workloads, and the executors that can race them.')
    .options(textOrJsonOptions)
    .example('$0 list', 'what `boundby run` would race')
    .example('$0 list mine.ts --reporter json', 'what a program needs to know of a workload')

const environmentBuilder = (command: Argv) =>
  command
    .usage(
      '$0 environment\n\nShows what this machine is, and what would disturb a measurement on it now (it looks for a second).',
    )
    .options(textOrJsonOptions)

const compareBuilder = (command: Argv) =>
  command
    .positional('results', {
      type: 'string',
      array: true,
      default: [] as string[],
      defaultDescription: 'none',
      describe: 'A baseline and a candidate; with --against, workload modules or folders of them',
    })
    .usage(
      '$0 compare <baseline> <candidate>\n$0 compare --against <folder or commit> [files or folders..]\n\nSays what became slower or faster, and which verdicts flipped. It aims at one false alarm in a hundred comparisons, however many cells they have.',
    )
    .options(compareOptions)
    .example('$0 compare results/baseline.json results/latest.json', 'exit code 1 for a regression')
    .example(
      '$0 compare --against main mine.ts',
      'the workload as it is here, in turns with that of a branch',
    )
    .epilogue(
      'Exit codes: 0 fine, 1 an alarm, 2 a mistake in the call, or results of different machines, 130 or 143 interrupted.',
    )

const historyBuilder = (command: Argv) =>
  command
    .positional('folder', {
      type: 'string',
      default: historyFolder,
      describe: 'A folder of result files',
    })
    .usage(
      '$0 history [folder]\n\nShows each cell over all results of a folder, and where it became slower or faster to stay.',
    )
    .options(historyOptions)
    .example('$0 run --save-history && $0 history', 'add a result, and look at all')

const tutorialBuilder = (command: Argv) =>
  command
    .usage(
      '$0 tutorial\n\nWalks through the tutorial on process pools, live: what a bottleneck is, a pool of processes, the block that owns it, the caution about cheap tasks, and the rule on this machine, in Node and in CPython. About a minute.',
    )
    .options(tutorialOptions)
    .example('$0 tutorial', 'all five steps')
    .example('$0 tutorial --step 2', 'two tasks, and the processes they ran in')

/** Our sentence for what yargs says, with the nearest valid choice; our own parsers' sentences pass unchanged. */
function explain(message: string, argv: readonly string[]): UsageError {
  const command = argv.find((word) => commands.includes(word))
  const help = `See boundby ${command === undefined ? '' : `${command} `}--help.`
  const [, got, needed] =
    /^Not enough non-option arguments: got (\d+), need at least (\d+)/u.exec(message) ?? []
  if (needed !== undefined)
    return new UsageError(
      `boundby ${command}: expected ${formatCount(Number(needed), 'file')}, received ${got}. ${help}`,
    )
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/u.exec(message)?.[1]?.trim()
  if (unknown === undefined) return new UsageError(message.endsWith('.') ? message : `${message}. ${help}`)
  const token = argv.find((text) => text.replace(/^-+/u, '').split('=')[0] === unknown) ?? unknown
  const isOption = token.startsWith('-')
  if (!isOption && command !== undefined && argv[0] === command)
    return new UsageError(`boundby ${command}: received ${token}, which is one too many. ${help}`)
  if (!isOption) return new UsageError(`There is no command ${token}. ${choiceHint(token, commands)} ${help}`)
  const near = nearest(unknown, flagsOf[command ?? ''] ?? ['help', 'version'])
  return new UsageError(
    `There is no option ${token}.${near === undefined ? '' : ` Did you mean --${near}?`} ${help}`,
  )
}

/** An option is on or off; yargs would take any other word for off. */
function checkSwitches(argv: readonly string[]): void {
  for (const [name, { type }] of Object.entries({ ...runOptions, ...mergeOptions, ...compareOptions })) {
    const wrong = argv.find((text) => type === 'boolean' && text.startsWith(`--${name}=`))?.split('=')[1]
    if (wrong !== undefined && wrong !== 'true' && wrong !== 'false')
      throw new UsageError(`--${name}: expected true or false, received ${JSON.stringify(wrong)}.`)
  }
}

async function execute(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  checkSwitches(argv)
  const parsed = await yargs([...argv])
    .scriptName('boundby')
    .locale('en')
    .parserConfiguration({ 'boolean-negation': false, 'dot-notation': false })
    .usage(
      '$0 <command>\n\nAnswers with numbers: is my code bound by I/O or by the CPU, which execution model wins for it, from which size on, and how sure are we?',
    )
    .command('run [paths..]', 'Race workloads, and name the winners', runBuilder, async (given) => {
      const [{ runCommand }, { run }] = await Promise.all([import('./run.ts'), import('../harness/run.ts')])
      const options = {
        files: given.paths,
        workloads: given.workloads ?? null,
        sizes: given.sizes ?? null,
        suite: given.suite,
        // A control asks about this machine: CPython's executors double what it takes, and are there if named.
        executors: given.executors ?? [...(given.control ? executorIds : racingExecutorIds)],
        ...(given.control ? { control: true } : {}),
        maxWorkers: given['max-workers'] ?? null,
        tasksInFlightPerWorker: given['tasks-in-flight'],
        budgetMs: given.budget ?? defaultBudgetMs(given.suite, given.control),
        confidence: given.confidence,
        margin: given.margin,
        // Each machine must draw the same parts.
        seed: given.seed ?? (given.shard === undefined ? randomInt(largestSeed) : 0),
        findCrossover: given['find-crossover'],
        timeoutMs: given.timeout,
        ...(given.shard === undefined ? {} : { shard: given.shard }),
        ...(given['what-if'] === undefined ? {} : { whatIf: given['what-if'] }),
      }
      const { out, reporter: reports, quiet, ascii } = given
      const keep = { baseline: given['save-baseline'], history: given['save-history'] }
      const isAsked = given.python !== undefined || given.executors?.some(isPythonExecutor) === true
      const python = { paths: given.python ?? null, isAsked }
      const { resume } = given
      const isSeedGiven = given.seed !== undefined
      const call = { options, python, out, reports, quiet, isAscii: ascii, keep, resume, isSeedGiven }
      exitCode = await runCommand(call, terminal, run)
    })
    .command(
      'diagnose <function>',
      'Say what bounds a function, and which executor to use',
      diagnoseBuilder,
      async (given) => {
        const [{ diagnoseCommand }, { diagnoseFunction }] = await Promise.all([
          import('./diagnose.ts'),
          import('../harness/diagnose.ts'),
        ])
        const options = {
          inputs: given.input ?? [undefined],
          executors: given.executors ?? null,
          maxWorkers: given['max-workers'] ?? null,
          budgetMs: given.budget,
          timeoutMs: given.timeout,
          confidence: 0.95,
          margin: 0.05,
          seed: randomInt(largestSeed),
        }
        const { function: target, reporter, quiet } = given
        exitCode = await diagnoseCommand(
          { target, options, json: reporter === 'json', quiet },
          terminal,
          diagnoseFunction,
        )
      },
    )
    .command('report <result>', 'Make a report of a stored result', reportBuilder, async (given) => {
      const { reportCommand } = await import('./report.ts')
      const { result, format, out = null, ascii } = given
      exitCode = await reportCommand({ result, format, out, isAscii: ascii }, terminal)
    })
    .command('merge <results..>', 'Join shards of a run', mergeBuilder, async (given) => {
      const { mergeCommand } = await import('./merge.ts')
      const { results, out, 'keep-environments': keepEnvironments } = given
      exitCode = await mergeCommand({ results, out, keepEnvironments }, terminal)
    })
    .command('list [paths..]', 'List the workloads and executors here', listBuilder, async (given) => {
      const [{ listCommand }, { describeWorkloads }] = await Promise.all([
        import('./list.ts'),
        import('../harness/describe.ts'),
      ])
      const { paths, reporter } = given
      exitCode = await listCommand({ paths, json: reporter === 'json' }, terminal, describeWorkloads)
    })
    .command(
      'environment',
      'Show this machine, and what would disturb a measurement',
      environmentBuilder,
      async (given) => {
        const { environmentCommand, findMachinePythons, watchMachine } = await import('./environment.ts')
        const machine = { environment: watchMachine, pythons: findMachinePythons }
        exitCode = await environmentCommand({ json: given.reporter === 'json' }, terminal, machine)
      },
    )
    .command('compare [results..]', 'Say what became slower or faster', compareBuilder, async (given) => {
      const { against, margin, reporter: reports, results, quiet } = given
      const failOn = given['fail-on']
      if (against === undefined) {
        const stray = Object.keys(inTurnsOptions).find((name) => given[name] !== undefined)
        if (stray !== undefined)
          throw new UsageError(`--${stray} goes with --against. See boundby compare --help.`)
        const [baseline, candidate, ...more] = results
        if (baseline === undefined || candidate === undefined || more.length > 0)
          throw new UsageError(
            `boundby compare: expected 2 files, received ${results.length}. See boundby compare --help.`,
          )
        const { compareCommand } = await import('./compare.ts')
        const acrossEnvironments = given['across-environments']
        exitCode = await compareCommand(
          { baseline, candidate, margin, failOn, acrossEnvironments, reports },
          terminal,
        )
        return
      }
      const { compareInTurnsCommand } = await import('./compare-in-turns.ts')
      const options = {
        files: results,
        workloads: given.workloads ?? null,
        sizes: given.sizes ?? null,
        suite: 'default' as const,
        executors: given.executors ?? [...executorIds],
        maxWorkers: given['max-workers'] ?? null,
        tasksInFlightPerWorker: 1,
        budgetMs: given.budget ?? defaultBudgetMs('default', true),
        confidence: 0.95,
        margin,
        seed: given.seed ?? randomInt(largestSeed),
        findCrossover: false,
        timeoutMs: given.timeout ?? 30_000,
      }
      const out = given.out ?? 'results/against.json'
      exitCode = await compareInTurnsCommand({ against, options, failOn, out, reports, quiet }, terminal)
    })
    .command('history [folder]', 'Show each cell over many results', historyBuilder, async (given) => {
      const { historyCommand } = await import('./history.ts')
      const { folder, margin, reporter } = given
      exitCode = await historyCommand({ folder, margin, format: reporter }, terminal)
    })
    .command(
      'tutorial',
      'Walk through process pools, live, beside CPython',
      tutorialBuilder,
      async (given) => {
        const [{ tutorialCommand }, { findPython }] = await Promise.all([
          import('./tutorial.ts'),
          import('./tutorial/python.ts'),
        ])
        exitCode = await tutorialCommand(given.step ?? null, terminal, findPython)
      },
    )
    .strict()
    .version(version)
    .help()
    .alias({ help: 'h', version: 'v' })
    .wrap(Math.min(widestHelp, widthOf(terminal.stdout)))
    .exitProcess(false)
    .fail((message: string, error: Error | undefined) => {
      // What an option's parser throws comes as yargs' own error.
      throw error === undefined || error.name === 'YError' ? explain(error?.message ?? message, argv) : error
    })
    .parseAsync()
  if (parsed._.length === 0 && parsed['help'] !== true && parsed['version'] !== true)
    throw new UsageError(`Expected a command: ${formatList(commands, 'or')}. See boundby --help.`)
  return exitCode
}

/** Runs the command line `argv` (without node and script) and returns the exit code. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await execute(argv, terminal)
  } catch (error) {
    if (error instanceof UsageError || error instanceof ResultFileError) {
      terminal.stderr.write(`boundby: ${escapeText(error.message)}\n`)
      return 2
    }
    const stack = error instanceof Error ? error.stack : String(error)
    terminal.stderr.write(
      'boundby failed, and it is not your mistake. Please report it with these lines:\n' +
        `boundby ${version}, Node ${process.version}, ${process.platform} ${process.arch}\n${String(stack).split('\n').map(escapeText).join('\n')}\n`,
    )
    return 1
  }
}
