/** Which workloads a call means, by the globs of `--workloads`. */

import { UsageError } from '../errors.ts'
import { choiceHint } from '../nearest.ts'

/** A glob over names: `*` is any text, `?` one character; everything else is itself. */
function matcherOf(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('?', '.')
    .replaceAll(/\*+/gu, '.*')
  return new RegExp(`^${source}$`, 'u')
}

export function isSelected(name: string, globs: readonly string[] | null): boolean {
  return globs === null || globs.some((glob) => matcherOf(glob).test(name))
}

/**
 * The workloads whose name matches one of the globs, in their own order; all if `globs` is null.
 * @throws UsageError for a glob that matches none, with the nearest name.
 */
export function selectWorkloads<Named extends { readonly name: string }>(
  workloads: readonly Named[],
  globs: readonly string[] | null,
): Named[] {
  if (globs === null) return [...workloads]
  const idle = globs.find((glob) => !workloads.some(({ name }) => isSelected(name, [glob])))
  if (idle !== undefined) {
    const names = workloads.map(({ name }) => name)
    throw new UsageError(`--workloads: no workload matches ${idle}. ${choiceHint(idle, names)}`)
  }
  return workloads.filter(({ name }) => isSelected(name, globs))
}
