/** Which interpreter of one result is which of the other: Node is Node, and a Python may have been patched meanwhile. */

import type { Result } from '../../results/schema.ts'

interface Entry {
  readonly runtime?: string | undefined
}

function namesIn({ cells, verdicts, crossovers, guidance }: Result): Set<string | undefined> {
  return new Set([...cells, ...verdicts, ...crossovers, ...guidance].map(({ runtime }: Entry) => runtime))
}

/** `cpython 3.13` for `cpython 3.13.1`: what a patch changes is no other language. */
export const withoutPatch = (name: string): string => name.replace(/^(\S+ \d+\.\d+)\.\S+/u, '$1')

/** What the interpreter of an entry is called in both results: its full name where both have it. */
export function interpretersOf(baseline: Result, candidate: Result): (entry: Entry) => string {
  const [before, after] = [namesIn(baseline), namesIn(candidate)]
  return ({ runtime }) => {
    if (runtime === undefined) return 'node'
    return before.has(runtime) && after.has(runtime) ? runtime : withoutPatch(runtime)
  }
}
