/** What a result says in plain words: pure, from the data of a result to sentences as data. */

import type { Result } from '../results/schema.ts'
import type { WorkloadResult } from './by-workload.ts'
import { summarizeControl } from './control.ts'
import type { ControlSummary } from './control.ts'
import { describeCrossovers } from './crossover-sentences.ts'
import { describeHypothesis } from './hypothesis.ts'
import { describePredictions } from './prediction-sentences.ts'
import { formatList } from './quantities.ts'
import { judgeRules, ruleClaims } from './rules.ts'
import type { Outcome, RuleFinding, RuleId } from './rules.ts'
import type { Sentence } from './sentence.ts'
import { describeWinners } from './winners.ts'

export interface Summary {
  /** In the order of the workloads given. */
  readonly workloads: ReadonlyMap<WorkloadResult, readonly Sentence[]>
  /** One entry for each of the tutorial's rules that some workload tested. */
  readonly rules: readonly RuleSummary[]
  /** Of a control, which says nothing about its workloads. */
  readonly control: ControlSummary | null
}

export interface RuleSummary {
  readonly claim: string
  /** `mixed`: it holds for some workloads and not for others. */
  readonly outcome: Outcome | 'mixed'
  /** For example: "holds in 3 of 4 workloads; not in sqlite". */
  readonly text: string
}

/** @param workloads what `byWorkload(result)` returned. */
export function summarize(result: Result, workloads: readonly WorkloadResult[]): Summary {
  const control = summarizeControl(result)
  if (control !== null) return { workloads: new Map(), rules: [], control }
  const findings = new Map(
    workloads.map((workload) => [workload, judgeRules(listed(workload), result.options)]),
  )
  return {
    workloads: new Map(
      workloads.map((workload) => [
        workload,
        [
          ...describeWinners(listed(workload), result.options),
          ...describeCrossovers(workload, result.crossovers, result.options.margin),
          ...describeHypothesis(listed(workload)),
          ...describePredictions(listed(workload), result.predictions ?? []),
          ...(findings.get(workload) ?? [])
            .filter(({ outcome }) => outcome !== 'undecided')
            .map(describeFinding),
        ],
      ]),
    ),
    rules: summarizeRules([...findings.values()].flat()),
    control,
  }
}

/** Sizes that were added to place a crossover serve its sentence; the others are about what was asked. */
function listed(workload: WorkloadResult): WorkloadResult {
  return { ...workload, sizes: workload.sizes.filter(({ refines }) => !refines) }
}

function describeFinding({ rule, outcome, evidence }: RuleFinding): Sentence {
  if (rule === 'misuse') return { topic: 'misuse', text: `The wrong choice costs: ${evidence}.` }
  return {
    topic: 'rule',
    text: `Rule "${lowerFirst(ruleClaims[rule])}" ${outcome === 'holds' ? 'holds' : 'does not hold here'}: ${evidence}.`,
  }
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

function summarizeRules(findings: readonly RuleFinding[]): readonly RuleSummary[] {
  return (Object.keys(ruleClaims) as RuleId[]).flatMap((rule) => {
    const ofRule = findings.filter((finding) => finding.rule === rule)
    return ofRule.length === 0 ? [] : [summarizeRule(rule, ofRule)]
  })
}

function summarizeRule(rule: RuleId, findings: readonly RuleFinding[]): RuleSummary {
  const claim = ruleClaims[rule]
  const names = (outcome: Outcome): string[] =>
    findings.filter((finding) => finding.outcome === outcome).map(({ workload }) => workload)
  const [holds, refuted, undecided] = [names('holds'), names('refuted'), names('undecided')]
  if (rule === 'misuse') {
    return {
      claim,
      outcome: 'holds',
      text: `an executor was slower than serial in ${formatList(holds)}`,
    }
  }
  const parts = [
    ...(holds.length === 0 ? [] : [`holds in ${formatList(holds)}`]),
    ...(refuted.length === 0 ? [] : [`does not hold in ${formatList(refuted)}`]),
    ...(undecided.length === 0 ? [] : [`undecided in ${formatList(undecided)}`]),
  ]
  const outcomes = new Set(findings.map(({ outcome }) => outcome))
  const [first] = outcomes
  const outcome = outcomes.size === 1 && first !== undefined ? first : 'mixed'
  return { claim, outcome, text: parts.join('; ') }
}
