/** The Python of this machine, for tests that need one; they skip without. */
import { findPythons } from '#dist/harness/python/interpreter.js'

const { pythons } = await findPythons({ paths: null, isAsked: false })
const [found] = pythons

/** Undefined where there is none that can run a twin. */
export const python = found?.unfit === null ? found : undefined

if (python === undefined && process.env['BOUNDBY_TESTS_NEED_PYTHON'] === '1')
  throw new Error('There is no python3 (>= 3.9), and no test may skip for that here.')

/** Why a test was skipped. */
export const withoutPython = 'there is no python3 (>= 3.9) on the PATH'
