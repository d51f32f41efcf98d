/** Kinds of field that the parts of a result file share; the limits keep a hostile file from costing much. */

import { z } from 'zod'

export const text = z.string().max(10_000)
export const shortText = z.string().max(200)
export const durationMs = z.number().nonnegative()
export const count = z.int().nonnegative()
export const share = z.number().min(0).max(1)
export const size = z.number().positive()
export const interval = z.tuple([z.number(), z.number()])
/** A null end is open. */
export const openInterval = z.tuple([z.number().nullable(), z.number().nullable()])
