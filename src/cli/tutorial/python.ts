/** The Python that the tutorial runs beside Node: the one on the PATH. */

import { shownRuntime } from '../../analysis/runtime.ts'
import { findPythons } from '../../harness/python/interpreter.ts'
import type { Python } from './step.ts'

export interface FoundPython {
  readonly python: Python | null
  /** Why there is none, and how to get one; null if there is one. */
  readonly missing: string | null
}

export async function findPython(): Promise<FoundPython> {
  const { pythons, missing } = await findPythons({ paths: null, isAsked: false })
  const [found] = pythons
  if (found === undefined || found.unfit !== null) return { python: null, missing: found?.unfit ?? missing }
  return { python: { path: found.path, name: shownRuntime(found.record.runtime) }, missing: null }
}
