/**
 * The tutorial's sentences as claims, each put to its own test in each runtime.
 *
 * They were written for CPython, whose threads share one lock; nothing here assumes them right. A claim holds or is
 * refuted only by comparisons that were decided at the error of the whole run; what is doubtful is undecided.
 */

import type { Guidance, Result } from '../results/schema.ts'
import { casesOf } from './guidance/cases.ts'
import { notTested } from './guidance/claim.ts'
import type { Claim } from './guidance/claim.ts'
import { distinctProcesses, sameMethods } from './guidance/facts.ts'
import { misuseDegrades } from './guidance/misuse-degrades.ts'
import { movingCostsMore } from './guidance/moving-costs-more.ts'
import { oneThreadForSmall } from './guidance/one-thread-for-small.ts'
import { processesForCpu } from './guidance/processes-for-cpu.ts'
import { threadsForIo, threadsForNativeCode } from './guidance/speed-claims.ts'
import { runtimesOf } from './runtime.ts'

/** In the order of the tutorial; the exceptions to it come last. */
const claims: readonly Claim[] = [
  threadsForIo,
  processesForCpu,
  oneThreadForSmall,
  misuseDegrades,
  sameMethods,
  distinctProcesses,
  threadsForNativeCode,
  movingCostsMore,
]

/** One entry for each claim and runtime, whatever was measured. */
export function guidanceOf(result: Result): Guidance[] {
  const views = runtimesOf(result).map((runtime) => casesOf(result, runtime))
  return claims.flatMap(({ id, text, judge }) =>
    views.map((cases) => ({
      id,
      claim: text,
      runtime: cases.runtime.name,
      ...(cases.missing === null ? judge(cases) : notTested(cases.missing)),
    })),
  )
}
