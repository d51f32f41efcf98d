/** The optional dependency koffi, by which C functions are called; loaded only when there is something to call. */

import { createRequire } from 'node:module'
import type * as koffiModule from 'koffi'

const require = createRequire(import.meta.url)

/** Takes some milliseconds the first time. Throws if it is not installed, or not made for this platform. */
export function loadKoffi(): typeof koffiModule {
  return require('koffi') as typeof koffiModule
}

/** Whether it is installed; that it can be loaded shows only when it is. */
export function isKoffiInstalled(): boolean {
  try {
    require.resolve('koffi')
    return true
  } catch {
    return false
  }
}
