/** Parses what options are given as text; each mistake is one sentence that names the option. */

import { readFileSync } from 'node:fs'
import { UsageError } from '../errors.ts'
import { choiceHint } from '../nearest.ts'
import type { WhatIfChange } from '../results/schema.ts'

const millisecondsPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const longestMs = 24 * 3_600_000
const mostShards = 1000

function expected(option: string, expectation: string, received: string): UsageError {
  return new UsageError(`${option}: expected ${expectation}, received ${JSON.stringify(received)}.`)
}

/** `500ms`, `90s`, `1.5m` or `1h`, in milliseconds. */
export function parseDuration(option: string, text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?|\.\d+) ?(ms|s|m|h)$/u.exec(text.trim()) ?? []
  const durationMs = Number(amount) * (millisecondsPerUnit[unit] ?? Number.NaN)
  if (!(durationMs > 0 && durationMs <= longestMs))
    throw expected(option, 'a duration above 0 and up to 24h, such as 500ms, 60s or 2m', text)
  return durationMs
}

/** `5%` or `0.05`, as a share strictly between 0 and 1. */
export function parseShare(option: string, text: string): number {
  const [, amount, percent] = /^(\d+(?:\.\d+)?|\.\d+) ?(%?)$/u.exec(text.trim()) ?? []
  // Through the decimal text, since 7 / 100 and the like are off by a rounding error.
  const share = percent === '%' ? Number(`${amount}e-2`) : Number(amount)
  if (!(share > 0 && share < 1)) throw expected(option, 'a share between 0 and 1, such as 0.05 or 5%', text)
  return share
}

/** A whole number in decimal digits; 1e6 is one too. */
export function parseInteger(option: string, text: string, least: number, most: number): number {
  const value = /^\d+(?:e\d+)?$/iu.test(text.trim()) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw expected(option, `a whole number from ${least} to ${most}`, text)
  return value
}

/** `a,b` or the option given several times; each entry once, in order. */
export function parseList(option: string, texts: readonly string[]): string[] {
  const entries = texts.flatMap((text) => text.split(',')).map((entry) => entry.trim())
  if (entries.includes(''))
    throw expected(option, 'a list such as a,b without empty entries', texts.join(','))
  return [...new Set(entries)]
}

/** A list of positive numbers, ascending. */
export function parseSizes(option: string, texts: readonly string[]): number[] {
  const sizes = parseList(option, texts).map((text) => {
    const size = /^(?:\d+(?:\.\d+)?|\.\d+)(?:e\+?\d+)?$/iu.test(text) ? Number(text) : Number.NaN
    if (!(size > 0 && Number.isFinite(size)))
      throw expected(option, 'positive numbers such as 1000,1e6', text)
    return size
  })
  return [...new Set(sizes)].toSorted((a, b) => a - b)
}

/** `2/4`: the second of four parts. */
export function parseShard(option: string, text: string): { index: number; of: number } {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/u.exec(text.trim())?.map(Number) ?? []
  if (index === undefined || of === undefined || index < 1 || index > of || of > mostShards)
    throw expected(option, `which part of up to ${mostShards}, such as 1/4 for the first of four`, text)
  return { index, of }
}

/** A name that must be among `choices`. */
export function parseChoice<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((candidate) => candidate === text)
  if (choice === undefined)
    throw new UsageError(`${option}: there is no ${JSON.stringify(text)}. ${choiceHint(text, choices)}`)
  return choice
}

/** A list of names of which each must be among `choices`. */
export function parseChoices(option: string, texts: readonly string[], choices: readonly string[]): string[] {
  return parseList(option, texts).map((name) => parseChoice(option, name, choices))
}

/** Cores that `--what-if` may ask about. */
const mostCores = 1024

/** `cores=16,latency=2ms`; each key at most once, at least one of them. */
export function parseWhatIf(option: string, texts: readonly string[]): WhatIfChange {
  const change: WhatIfChange = { cores: null, latencyMs: null }
  const seen = new Set<string>()
  for (const entry of texts.flatMap((text) => text.split(',')).map((part) => part.trim())) {
    const [, name = '', value] = /^([^=]*)(?:=(.*))?$/su.exec(entry) ?? []
    const key = parseChoice(option, name.trim(), ['cores', 'latency'] as const)
    if (value === undefined) throw expected(option, `${key}=VALUE, such as cores=16,latency=2ms`, entry)
    if (seen.has(key)) throw expected(option, `${key} once`, texts.join(','))
    seen.add(key)
    if (key === 'cores') change.cores = parseInteger(`${option} cores`, value, 1, mostCores)
    else change.latencyMs = parseDuration(`${option} latency`, value)
  }
  return change
}

/** Where one report goes: a file, or stdout (null). */
export interface ReportTarget {
  readonly reporter: string
  readonly file: string | null
}

/** `NAME` or `NAME=FILE`. */
export function parseReportTarget(option: string, text: string, choices: readonly string[]): ReportTarget {
  const [, reporter = '', file] = /^([^=]*)(?:=(.*))?$/su.exec(text) ?? []
  parseChoice(option, reporter, choices)
  if (file === '') throw expected(option, `a file after ${reporter}=`, text)
  return { reporter, file: file ?? null }
}

/** Any words but none. */
export function parseText(option: string, text: string): string {
  if (text.trim() === '') throw expected(option, 'a name', text)
  return text
}

/** The file that `--out` names. */
export function parseFile(option: string, text: string): string {
  if (text === '' || /[/\\]$/u.test(text)) throw expected(option, 'the name of a file, not of a folder', text)
  return text
}

/**
 * What `--input` stands for: JSON, or `@file` with JSON in it.
 * @throws UsageError if it is neither.
 */
export function parseInput(option: string, text: string): unknown {
  const isFile = text.startsWith('@')
  let json = text
  try {
    if (isFile) json = readFileSync(text.slice(1), 'utf8')
  } catch (error) {
    throw new UsageError(
      `${option}: expected a file with JSON after @, but ${text.slice(1)} cannot be read: ${(error as Error).message}.`,
    )
  }
  try {
    return JSON.parse(json) as unknown
  } catch (error) {
    const received = isFile ? `the file ${text.slice(1)}` : JSON.stringify(text.slice(0, 100))
    throw new UsageError(
      `${option}: expected JSON, received ${received} (${(error as Error).message}). Quote texts twice: --input '"text"'.`,
    )
  }
}
