/** The command line: what there is to say to boundby, and how it answers a mistake. */

import { randomInt } from 'node:crypto'
import yargs from 'yargs'
import type { Argv } from 'yargs'
import { isPythonExecutor } from '../analysis/by-workload.ts'
import { formatList } from '../analysis/quantities.ts'
import { ResultFileError, UsageError } from '../errors.ts'
import { executorIds } from '../executors/index.ts'
import { racingExecutorIds } from '../harness/python/executors.ts'
import { escapeText } from '../reporters/escape.ts'
import { version } from '../version.ts'
import { compareOptions, historyOptions, inTurnsOptions } from './compare-options.ts'
import {
  defaultBudgetMs,
  diagnoseOptions,
  largestSeed,
  mergeOptions,
  reportOptions,
  runOptions,
  textOrJsonOptions,
  tutorialOptions,
} from './options.ts'
import { withoutForgery } from './github.ts'
import { help } from './help.ts'
import type { Help } from './help.ts'
import { checkSwitches, commands, explain } from './mistakes.ts'
import * as positionals from './positionals.ts'
import { withoutSeparator } from './separator.ts'
import type { Terminal } from './terminal.ts'
import { widthOf } from './terminal.ts'

const widestHelp = 110

/** In the order of the help: what it does, examples, exit codes. */
const withHelp = <Options>(command: Argv<Options>, { usage, examples, epilogue }: Help): Argv<Options> => {
  const described = command.usage(usage).example(examples)
  return epilogue === undefined ? described : described.epilogue(epilogue)
}

const runBuilder = (command: Argv) =>
  withHelp(command.positional('paths', positionals.paths).options(runOptions), help.run)

const diagnoseBuilder = (command: Argv) =>
  withHelp(command.positional('function', positionals.diagnosed).options(diagnoseOptions), help.diagnose)

const reportBuilder = (command: Argv) =>
  withHelp(command.positional('result', positionals.reported).options(reportOptions), help.report)

const mergeBuilder = (command: Argv) =>
  withHelp(command.positional('results', positionals.merged).options(mergeOptions), help.merge)

const listBuilder = (command: Argv) =>
  withHelp(command.positional('paths', positionals.paths).options(textOrJsonOptions), help.list)

const environmentBuilder = (command: Argv) => withHelp(command.options(textOrJsonOptions), help.environment)

const compareBuilder = (command: Argv) =>
  withHelp(command.positional('results', positionals.compared).options(compareOptions), help.compare)

const historyBuilder = (command: Argv) =>
  withHelp(command.positional('folder', positionals.historyOf).options(historyOptions), help.history)

const tutorialBuilder = (command: Argv) => withHelp(command.options(tutorialOptions), help.tutorial)

async function execute(words: readonly string[], terminal: Terminal): Promise<number> {
  const argv = withoutSeparator(words)
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
        ...(given['least-launches'] === undefined ? {} : { leastLaunches: given['least-launches'] }),
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
            `compare: expected 2 files, received ${results.length === 0 ? 'none' : results.length}. See boundby compare --help.`,
          )
        const { compareCommand } = await import('./compare.ts')
        const acrossEnvironments = given['across-environments']
        exitCode = await compareCommand(
          { baseline, candidate, margin, failOn, acrossEnvironments, reports },
          terminal,
        )
        return
      }
      if (given['across-environments'])
        throw new UsageError(
          'compare: --across-environments is for two results; with --against both versions run on this machine. Leave it out.',
        )
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
      exitCode = await historyCommand({ folder, margin, report: reporter }, terminal)
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
export async function main(argv: readonly string[], given: Terminal): Promise<number> {
  const terminal = withoutForgery(given)
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
