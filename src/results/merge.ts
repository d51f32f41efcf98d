/** Joins the results of several machines or runs into one; what is concluded from all cells together is left open. */

import { UsageError } from '../errors.ts'
import { environmentDifference } from './difference.ts'
import { checkBundles, checkDuplicates, checkOptions } from './merge/checks.ts'
import { byEnvironment, onMachine, worst } from './merge/machines.ts'
import type { Part } from './merge/part.ts'
import type { Result, WhatIf, WorkloadRecord } from './schema.ts'

type Options = Result['options']

/** Each entry once, in order: what two parts say alike is said once. */
function distinct<Entry>(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>()
  return entries.filter((entry) => {
    const text = JSON.stringify(entry)
    return seen.has(text) ? false : seen.add(text)
  })
}

const union = <Entry>(lists: readonly (readonly Entry[] | null | undefined)[]): Entry[] | null =>
  lists.some((list) => list === null || list === undefined)
    ? null
    : distinct(lists.flatMap((list) => list ?? []))

/** How often the plan was measured: a shard may have been on several machines. */
function repeatsOf(parts: readonly Part[]): number {
  const shards = parts.map(({ result }) => result.options.shard?.index)
  return Math.max(...shards.map((index) => shards.filter((other) => other === index).length))
}

function joinedOptions(parts: readonly Part[]): Options {
  const all = parts.map(({ result }) => result.options)
  const [{ shard, ...first }] = all as [Options, ...Options[]]
  const files = distinct(all.flatMap((options) => options.files))
  const budgetsMs = all.map(({ budgetMs }) => budgetMs)
  if (shard !== undefined) return { ...first, budgetMs: Math.max(...budgetsMs) * repeatsOf(parts) }
  return {
    ...first,
    files,
    workloads: union(all.map(({ workloads }) => workloads)),
    sizes: union(all.map(({ sizes }) => sizes))?.toSorted((a, b) => a - b) ?? null,
    suite: all.some(({ suite }) => suite === 'full') ? 'full' : 'default',
    budgetMs: budgetsMs.reduce((sum, budgetMs) => sum + budgetMs, 0),
  }
}

/** Pairs of all that is joined: shards share those of their plan; whole runs add up. */
function joinedPairs(parts: readonly Part[]): number {
  const pairs = parts.map(({ path, result }) => {
    if (result.plannedPairs !== undefined) return result.plannedPairs
    throw new UsageError(
      `Cannot merge ${path}: it does not say how many comparisons were planned (\`plannedPairs\`); measure again with this boundby.`,
    )
  })
  const isShard = parts[0]?.result.options.shard !== undefined
  // The same shard on two machines is two chances to be wrong.
  return isShard ? Math.max(...pairs) * repeatsOf(parts) : pairs.reduce((sum, value) => sum + value, 0)
}

/**
 * Joins results: shards of one plan, or runs that measured different things with the same options. Of the verdicts only
 * those are kept that stand, being reached under the error budget of the whole.
 * @param keepEnvironments keeps what was measured on different machines, each workload under a name of its own by
 *   machine; otherwise different machines are refused.
 * @throws UsageError if they do not belong together, or measured the same race.
 */
export function joinResults(given: readonly Part[], keepEnvironments: boolean): Result {
  const inOrder = given.toSorted(
    ({ result: one }, { result: other }) =>
      (one.options.shard?.index ?? 0) - (other.options.shard?.index ?? 0),
  )
  checkOptions(inOrder)
  checkBundles(inOrder)
  const groups = byEnvironment(inOrder)
  const [here, there] = [groups[0]?.[0], groups[1]?.[0]]
  if (here === undefined) throw new UsageError('merge: expected one or more result files, received none.')
  if (there !== undefined && !keepEnvironments) {
    const difference = environmentDifference(here.result.environment, there.result.environment)
    throw new UsageError(
      `Cannot merge ${here.path} and ${there.path}: they come from different environments (${difference?.field} ${difference?.one} and ${difference?.other}); measure on equal machines, or keep them apart with --keep-environments.`,
    )
  }
  const parts =
    there === undefined
      ? inOrder
      : groups.flatMap((group, index) => group.map((part) => onMachine(part, index + 1)))
  checkDuplicates(parts)

  const results = parts.map(({ result }) => result)
  const all = <Entry>(entriesOf: (result: Result) => readonly Entry[] | undefined): Entry[] =>
    results.flatMap((result) => entriesOf(result) ?? [])
  const byName = new Map<string, WorkloadRecord>()
  for (const record of all(({ workloads }) => workloads)) {
    const { taskCalls } = byName.get(record.name) ?? {}
    // Each part has called the task by itself.
    const calls = taskCalls === undefined ? record.taskCalls : taskCalls + (record.taskCalls ?? 0)
    byName.set(record.name, calls === undefined ? record : { ...record, taskCalls: calls })
  }
  const records = [...byName.values()].toSorted(
    (a, b) => compareText(a.file, b.file) || compareText(a.name, b.name),
  )
  const order = new Map(records.map(({ name }, index) => [name, index]))
  const sorted = <Entry extends { workload: string; size: number | null }>(entries: Entry[]): Entry[] =>
    entries.toSorted(
      (a, b) =>
        (order.get(a.workload) ?? order.size) - (order.get(b.workload) ?? order.size) ||
        (a.size ?? 0) - (b.size ?? 0),
    )
  const pairs = joinedPairs(parts)
  const earlierBudgetsMs = distinct(all((result) => result.earlierBudgetsMs))
  const during = worst(results.map(({ environment }) => environment))
  const starts = results.flatMap(({ startedAt }) => startedAt ?? []).toSorted()
  const of = here.result.options.shard?.of ?? 0
  const missingShards = Array.from({ length: of }, (_, index) => index + 1)
    .filter((index) => !results.some(({ options }) => options.shard?.index === index))
    .map((index) => `${index}/${of}`)
  return {
    ...here.result,
    startedAt: starts[0],
    durationMs: results.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0),
    interrupted: results.find(({ interrupted }) => typeof interrupted === 'string')?.interrupted ?? null,
    environment: { ...here.result.environment, ...(during === undefined ? {} : { during }) },
    ...(there === undefined
      ? {}
      : { machines: groups.flatMap(([first]) => first?.result.environment ?? []) }),
    ...(missingShards.length === 0 ? {} : { missingShards }),
    options: joinedOptions(parts),
    ...(earlierBudgetsMs.length === 0 ? {} : { earlierBudgetsMs }),
    plannedPairs: pairs,
    workloads: records,
    cells: sorted(all(({ cells }) => cells)),
    verdicts: sorted(
      results.flatMap(({ verdicts, plannedPairs }) =>
        plannedPairs === pairs ? verdicts.filter(({ kind }) => kind !== 'undecided') : [],
      ),
    ),
    crossovers: [],
    diagnoses: sorted(all(({ diagnoses }) => diagnoses)),
    guidance: [],
    ...(results.some(({ predictions }) => predictions !== undefined)
      ? { predictions: sorted(all(({ predictions }) => predictions)) }
      : {}),
    // Each shard had a calibration of its own: what was predicted from it stays, and none stands for all.
    calibration: undefined,
    ...(results.some(({ whatIf }) => whatIf !== undefined)
      ? { whatIf: joinedWhatIf(results.flatMap(({ whatIf }) => whatIf ?? [])) }
      : {}),
    ...(results.some(({ timelines }) => timelines !== undefined)
      ? { timelines: sorted(all(({ timelines }) => timelines)).slice(0, 1000) }
      : {}),
    skipped: sorted(distinct(all(({ skipped }) => skipped))),
    pilots: sorted(all(({ pilots }) => pilots)),
    warnings: [],
  }
}

function joinedWhatIf(answers: readonly WhatIf[]): WhatIf | undefined {
  const [first] = answers
  return (
    first && {
      ...first,
      predictions: answers.flatMap(({ predictions }) => predictions),
      winners: answers.flatMap(({ winners }) => winners),
      crossovers: answers.flatMap(({ crossovers }) => crossovers),
    }
  )
}

const compareText = (one: string, other: string): number => (one < other ? -1 : Number(one > other))
