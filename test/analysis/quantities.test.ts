/** Quantities as a human reads them. */

import { describe, expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatList,
  formatPercent,
  formatRatio,
  formatRatioTick,
  formatSize,
} from '#dist/analysis/quantities.js'

describe('durations have three significant digits and the unit that suits them', () => {
  test.each([
    [0, '0 ms'],
    [0.0000004, '0.400 ns'],
    [0.000_85, '850 ns'],
    [0.012_34, '12.3 µs'],
    [0.9996, '1.00 ms'],
    [1.5, '1.50 ms'],
    [123.4, '123 ms'],
    [999.6, '1.00 s'],
    [61_234, '61.2 s'],
    [999_600, '16.7 min'],
    [3.6e7, '600 min'],
    [1e12, '16,666,667 min'],
    [6e304, '1.00e+300 min'],
  ])('%d ms', (durationMs, shown) => {
    expect(formatDuration(durationMs)).toBe(shown)
  })
})

test.each([
  [0.001, '<0.01×'],
  [0.391, '0.39×'],
  [1, '1.00×'],
  [9.994, '9.99×'],
  [9.996, '10.0×'],
  [99.96, '100×'],
  [12_345.6, '12,346×'],
  [1e300, '1e+300×'],
])('the ratio %d', (ratio, shown) => {
  expect(formatRatio(ratio)).toBe(shown)
})

test('sizes keep all their digits', () => {
  expect([4, 1e6, 0.5, 1e21].map(formatSize)).toEqual(['4', '1,000,000', '0.5', '1e+21'])
})

test('shares, bytes, lists and counts', () => {
  expect([0, 0.0061, 0.05, 0.994, 1].map(formatPercent)).toEqual(['0 %', '0.61 %', '5 %', '99 %', '100 %'])
  expect([-0.12, -0.001, 123.45, 1e300].map(formatPercent)).toEqual(['-12 %', '0 %', '12,345 %', '1e+302 %'])
  expect([0.5, 1, 10_000].map(formatRatioTick)).toEqual(['0.5×', '1×', '10,000×'])
  expect([0, 0.5, 512, 1536, 25276514304].map(formatBytes)).toEqual([
    '0 B',
    '0.5 B',
    '512 B',
    '1.5 KiB',
    '23.5 GiB',
  ])
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((list) => formatList(list))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ])
  expect([formatCount(1, 'launch'), formatCount(2, 'launch'), formatCount(1200, 'cell')]).toEqual([
    '1 launch',
    '2 launches',
    '1,200 cells',
  ])
})
