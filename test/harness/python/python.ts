/** The Python of this machine, for tests that need one; they skip without. */
import { findPythons } from '#dist/harness/python/interpreter.js'

const { pythons } = await findPythons({ paths: null, isAsked: false })
const [found] = pythons

/** Undefined where there is none that can run a twin. */
export const python = found?.unfit === null ? found : undefined

/** Why a test was skipped. */
export const withoutPython = 'there is no python3 (>= 3.9) on the PATH'
