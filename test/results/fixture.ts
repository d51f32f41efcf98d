/** The committed example results, and small ones made from them. */

import { fileURLToPath } from 'node:url'
import { readFile } from 'node:fs/promises'
import type { Cell, Result, Verdict } from '../../src/results/schema.ts'

export function fixturePath(name: 'default-suite' | 'several-worker-counts'): string {
  return fileURLToPath(new URL(`../fixtures/results/${name}.json`, import.meta.url))
}

export async function fixture(name: 'default-suite' | 'several-worker-counts'): Promise<Result> {
  return JSON.parse(await readFile(fixturePath(name), 'utf8')) as Result
}

export function cell(fields: Partial<Cell> & Pick<Cell, 'executor'>): Cell {
  const { medianMs = 10 } = fields
  return {
    workload: 'w',
    size: 100,
    workers: null,
    tasks: 8,
    launches: medianMs === null ? [] : [[medianMs], [medianMs]],
    intervalMs: medianMs === null ? null : [medianMs * 0.99, medianMs * 1.01],
    checksum: 'c',
    costsMs: {},
    error: null,
    ...fields,
    medianMs,
  }
}

export function verdict(fields: Partial<Verdict> & Pick<Verdict, 'kind' | 'executors'>): Verdict {
  return {
    workload: 'w',
    size: 100,
    over: 'serial',
    ratio: null,
    interval: null,
    rounds: 6,
    launches: 3,
    reason: 'because',
    warnings: [],
    ...fields,
  }
}

/** A result of one workload `w`, whose author expects it to be bound by the CPU. */
export async function resultOf(fields: Partial<Result>): Promise<Result> {
  const { environment, options } = await fixture('default-suite')
  const record = { name: 'w', summary: 'Works', expects: 'cpu', file: 'w.ts', bundleSha256: 'b' } as const
  return {
    formatVersion: 1,
    environment,
    options,
    workloads: [record],
    cells: [],
    verdicts: [],
    crossovers: [],
    diagnoses: [],
    guidance: [],
    ...fields,
  }
}
