/** Quantities as a human reads them: three significant digits and the unit that suits them. */

/** Three significant digits; trailing zeros stay, since they were measured. */
function threeDigits(value: number): string {
  return value >= 100 ? grouped(Math.round(value)) : value.toPrecision(3)
}

/** With all digits of a whole number, in groups. */
function grouped(value: number): string {
  return Number.isSafeInteger(value) ? value.toLocaleString('en-US') : String(value)
}

export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0 ms'
  // Rounded first, so that 999.9 µs becomes 1.00 ms and not 1,000 µs.
  const ms = Number(durationMs.toPrecision(3))
  if (ms < 0.001) return `${threeDigits(ms * 1e6)} ns`
  if (ms < 1) return `${threeDigits(ms * 1e3)} µs`
  if (ms < 1e3) return `${threeDigits(ms)} ms`
  if (ms < 1e6) return `${threeDigits(ms / 1e3)} s`
  if (ms < 1e13) return `${threeDigits(ms / 60e3)} min`
  // No run takes decades; a file may say so, and its digits would fill the page.
  return `${(ms / 60e3).toExponential(2)} min`
}

/** How many times: `1.93×`, `12.3×`, `1,230×`. */
export function formatRatio(ratio: number): string {
  if (ratio < 0.005) return '<0.01×'
  if (ratio < 9.995) return `${ratio.toFixed(2)}×`
  if (ratio < 99.95) return `${ratio.toFixed(1)}×`
  return `${grouped(Math.round(ratio))}×`
}

/** On an axis, where the digits that say how well something was measured are none: `0.5×`, `10,000×`. */
export function formatRatioTick(ratio: number): string {
  return `${grouped(Number(ratio.toPrecision(3)))}×`
}

/** The size of a data set: all digits, grouped. */
export function formatSize(size: number): string {
  return grouped(size)
}

export function formatPercent(share: number): string {
  const percent = share * 100
  // The sum is 0 where a little less than that was rounded to −0.
  return `${percent < 10 && percent > 0 ? Number(percent.toPrecision(2)) : grouped(Math.round(percent) + 0)} %`
}

export function formatBytes(bytes: number): string {
  const exponent = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), 4)
  const unit = ['B', 'KiB', 'MiB', 'GiB', 'TiB'][exponent] ?? 'B'
  return `${Number((bytes / 1024 ** exponent).toPrecision(3))} ${unit}`
}

/** `a`, `a and b`, `a, b and c`. */
export function formatList(items: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`
}

export function formatCount(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`
  const plural = /[sx]$|[cs]h$/u.test(noun) ? `${noun}es` : `${noun}s`
  return `${grouped(count)} ${plural}`
}
