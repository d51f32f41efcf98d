/** Mistakes in a call, each in a sentence of ours with the nearest valid choice. */

import { formatCount } from '../analysis/quantities.ts'
import { UsageError } from '../errors.ts'
import { choiceHint, nearest } from '../nearest.ts'
import { compareOptions, historyOptions } from './compare-options.ts'
import {
  diagnoseOptions,
  mergeOptions,
  reportOptions,
  runOptions,
  textOrJsonOptions,
  tutorialOptions,
} from './options.ts'

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
export const commands = Object.keys(flagsOf)

/** Our sentence for what yargs says, with the nearest valid choice; our own parsers' sentences pass unchanged. */
export function explain(message: string, argv: readonly string[]): UsageError {
  const command = argv.find((word) => commands.includes(word))
  const help = `See boundby ${command === undefined ? '' : `${command} `}--help.`
  const [, got, needed] =
    /^Not enough non-option arguments: got (\d+), need at least (\d+)/u.exec(message) ?? []
  if (needed !== undefined)
    return new UsageError(
      `${command}: expected ${command === 'merge' ? 'one or more files' : formatCount(Number(needed), 'file')}, received ${Number(got) === 0 ? 'none' : got}. ${help}`,
    )
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/u.exec(message)?.[1]?.trim()
  if (unknown === undefined) return new UsageError(message.endsWith('.') ? message : `${message}. ${help}`)
  const token = argv.find((text) => text.replace(/^-+/u, '').split('=')[0] === unknown) ?? unknown
  const isOption = token.startsWith('-')
  if (!isOption && command !== undefined && argv[0] === command)
    return new UsageError(`${command}: received ${token}, which is one too many. ${help}`)
  if (!isOption) return new UsageError(`There is no command ${token}. ${choiceHint(token, commands)} ${help}`)
  const near = nearest(unknown, flagsOf[command ?? ''] ?? ['help', 'version'])
  return new UsageError(
    `There is no option ${token}.${near === undefined ? '' : ` Did you mean --${near}?`} ${help}`,
  )
}

/** An option is on or off; yargs would take any other word for off. */
export function checkSwitches(argv: readonly string[]): void {
  for (const [name, { type }] of Object.entries({ ...runOptions, ...mergeOptions, ...compareOptions })) {
    const wrong = argv.find((text) => type === 'boolean' && text.startsWith(`--${name}=`))?.split('=')[1]
    if (wrong !== undefined && wrong !== 'true' && wrong !== 'false')
      throw new UsageError(`--${name}: expected true or false, received ${JSON.stringify(wrong)}.`)
  }
}
