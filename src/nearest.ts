/** The nearest valid choice to what a user typed, for "did you mean" in errors. */

/** Edits (insert, delete, substitute) that turn one text into the other: Levenshtein 1966, by one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, character] of from.split('').entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const substitution = (row[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/** The choice that `received` is probably a slip of; undefined if none is near, or if it is too long to be a slip. */
export function nearest(received: string, choices: readonly string[]): string | undefined {
  const typed = received.slice(0, 100).toLowerCase()
  const ranked = choices
    .map((choice) => ({ choice, distance: editDistance(typed, choice.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  const best = ranked[0]
  const isSlip = best !== undefined && best.distance <= Math.max(2, Math.floor(best.choice.length / 3))
  if (isSlip && best.distance < best.choice.length) return best.choice
  return typed === '' ? undefined : choices.find((choice) => choice.toLowerCase().startsWith(typed))
}

/** How an error ends that names a wrong choice: the nearest one, and all of them. */
export function choiceHint(received: string, choices: readonly string[]): string {
  const shown = choices.length > 20 ? [...choices.slice(0, 20), '…'] : choices
  const near = nearest(received, choices)
  return `${near === undefined ? '' : `Did you mean ${near}? `}Choose from ${shown.join(', ')}.`
}
