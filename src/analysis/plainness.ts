/** Which executor is plainer than another: of those that are about as fast it is the one to ship. */

const byPlainness = ['serial', 'event-loop', 'threads', 'processes']

const rankOf = (executor: string): number => {
  const rank = byPlainness.indexOf(executor)
  return rank === -1 ? byPlainness.length : rank
}

/** The plainest first. */
export function toPlainestFirst<Choice extends { readonly executor: string }>(
  choices: readonly Choice[],
): Choice[] {
  return choices.toSorted((one, other) => rankOf(one.executor) - rankOf(other.executor))
}
