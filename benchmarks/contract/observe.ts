/** Watches promises that may never settle, and says in a few words what became of them. */

/** How long a promise that should take milliseconds is waited for before it is called hanging. */
const patienceMs = 4000

export type Observed =
  | { readonly state: 'fulfilled'; readonly value: unknown }
  | { readonly state: 'rejected'; readonly reason: unknown; readonly isThrown: boolean }
  | { readonly state: 'hangs' }

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Calls, and waits for what comes of it; a throw at the call is told from a rejection. */
export async function observe(call: () => unknown, limitMs = patienceMs): Promise<Observed> {
  let returned: unknown
  try {
    returned = call()
  } catch (reason) {
    return { state: 'rejected', reason, isThrown: true }
  }
  let timer: NodeJS.Timeout | undefined
  const hangs = new Promise<Observed>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'hangs' }), limitMs)
  })
  const settled = Promise.resolve(returned).then(
    (value): Observed => ({ state: 'fulfilled', value }),
    (reason: unknown): Observed => ({ state: 'rejected', reason, isThrown: false }),
  )
  const observed = await Promise.race([settled, hangs])
  clearTimeout(timer)
  return observed
}

const maxLength = 45

function shorten(text: string): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}

/** What was thrown, in a few words that are the same each time; a name that says enough stands for itself. */
export function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return shorten(JSON.stringify(reason) ?? String(reason))
  if (reason.name !== 'Error' && reason.name !== 'TypeError') return reason.name
  return shorten(describeMessage(reason.name, reason.message))
}

/** A message without the paths and numbers that differ from one time to the next. */
export function describeMessage(name: string, message: string): string {
  const words = message
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/(?:file:\/\/)?\/[^\s'"`,]+\//gu, '…/')
    .replaceAll(/\b[\da-f]{8}(?:-[\da-f]+)+/gu, 'ID')
    .replaceAll(/\b\d{2,}\b/gu, 'N')
  return words === '' ? name : `${name}: ${words}`
}

/** An outcome in a few words. */
export function tell(observed: Observed): string {
  if (observed.state === 'hangs') return 'hangs'
  if (observed.state === 'fulfilled') return `fulfils with ${describe(observed.value)}`
  return `${observed.isThrown ? 'throws at the call' : 'rejects'}: ${describe(observed.reason)}`
}
