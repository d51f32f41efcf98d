/** What the Trace Event Format demands of the events that we write, phase by phase; unknown fields are mistakes. */
import { z } from 'zod'

const args = z.record(z.string(), z.union([z.string(), z.number()]))
const place = { pid: z.int().positive(), tid: z.int().nonnegative() }
const ts = z.number().nonnegative()
const name = z.string().min(1)
const cat = z.string().min(1)

const complete = z.strictObject({
  ph: z.literal('X'),
  name,
  cat,
  ...place,
  ts,
  dur: z.number().positive(),
  args: args.optional(),
})
const flow = z.strictObject({
  ph: z.enum(['s', 't', 'f']),
  name,
  cat,
  ...place,
  ts,
  id: z.int(),
  bp: z.literal('e').optional(),
})
const labels: Readonly<Record<string, z.ZodType>> = {
  process_name: z.strictObject({ name }),
  process_labels: z.strictObject({ labels: z.string() }),
  process_sort_index: z.strictObject({ sort_index: z.int() }),
  thread_name: z.strictObject({ name }),
  thread_sort_index: z.strictObject({ sort_index: z.int() }),
}
const metadata = z
  .strictObject({
    ph: z.literal('M'),
    name: z.enum(Object.keys(labels)),
    cat,
    ...place,
    ts: z.literal(0),
    args: z.unknown(),
  })
  .refine((event) => labels[event.name]?.safeParse(event.args).success === true)
const instant = z.strictObject({ ph: z.literal('I'), s: z.literal('g'), name, cat, ...place, ts })

const trace = z.strictObject({
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(z.discriminatedUnion('ph', [complete, flow, metadata, instant])).min(1),
})

export type Trace = z.infer<typeof trace>
export type Slice = z.infer<typeof complete>

/** @throws what is wrong with the trace. */
export function parseTrace(json: string): Trace {
  const parsed = trace.parse(JSON.parse(json))
  checkFlows(parsed)
  return parsed
}

export const slicesOf = ({ traceEvents }: Trace): Slice[] => traceEvents.filter((event) => event.ph === 'X')

/** The slices of each thread, by start. */
export function lanesOf(parsed: Trace): Slice[][] {
  const lanes = new Map<string, Slice[]>()
  for (const slice of slicesOf(parsed)) {
    const key = `${slice.pid} ${slice.tid}`
    lanes.set(key, [...(lanes.get(key) ?? []), slice])
  }
  return [...lanes.values()].map((lane) => lane.toSorted((one, other) => one.ts - other.ts))
}

/** Each flow begins, passes and ends once, in this order, and each of its ends lies in a slice of its thread. */
function checkFlows(parsed: Trace): void {
  const flows = new Map<number, z.infer<typeof flow>[]>()
  const slices = new Set(slicesOf(parsed).map(({ pid, tid, ts: startUs }) => `${pid} ${tid} ${startUs}`))
  for (const event of parsed.traceEvents) {
    if (event.ph !== 's' && event.ph !== 't' && event.ph !== 'f') continue
    flows.set(event.id, [...(flows.get(event.id) ?? []), event])
    if (!slices.has(`${event.pid} ${event.tid} ${event.ts}`)) throw new Error(`flow ${event.id} ends nowhere`)
  }
  for (const [id, events] of flows) {
    const phases = events.map(({ ph }) => ph).toSorted()
    if (phases.join('') !== 'fst') throw new Error(`flow ${id} is not whole: ${phases.join(', ')}`)
  }
}
