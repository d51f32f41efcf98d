/** What option values mean, and that nothing else is taken. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '#dist/errors.js'
import * as values from '#dist/cli/values.js'

const perUnit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

describe('parseDuration', () => {
  it('reads an amount and a unit', () => {
    const unit = fc.constantFrom(...(Object.keys(perUnit) as (keyof typeof perUnit)[]))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), unit, (amount, name) => {
        expect(values.parseDuration('--budget', `${amount}${name}`)).toBe(amount * perUnit[name])
      }),
    )
    expect(values.parseDuration('--budget', '1.5m')).toBe(90_000)
    expect(values.parseDuration('--budget', '.5 s')).toBe(500)
  })

  it.each(['0', '0s', '-1s', '60', 's', '', '1d', '1e3s', '25h', 'NaNs', 'Infinity', '1s1s', '0x10s'])(
    'refuses %j and names the option',
    (text) => {
      expect(() => values.parseDuration('--budget', text)).toThrow(UsageError)
      expect(() => values.parseDuration('--budget', text)).toThrow(`--budget: expected a duration`)
    },
  )
})

describe('parseShare', () => {
  it('reads percentages and shares alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (percent) => {
        const share = values.parseShare('--margin', `${percent}%`)
        expect(share).toBe(Number(`0.${String(percent).padStart(2, '0')}`))
        expect(values.parseShare('--margin', String(share))).toBe(share)
      }),
    )
    expect(values.parseShare('--confidence', '99.9 %')).toBe(0.999)
  })

  it.each(['0', '1', '0%', '100%', '95', '-5%', '5%%', '', 'x', '1e-2'])('refuses %j', (text) => {
    expect(() => values.parseShare('--margin', text)).toThrow('--margin: expected a share between 0 and 1')
  })
})

describe('parseInteger', () => {
  it('reads digits, also with an exponent, within its bounds', () => {
    expect(values.parseInteger('--seed', '1e6', 0, 2 ** 32)).toBe(1_000_000)
    expect(values.parseInteger('--seed', '0', 0, 9)).toBe(0)
    for (const text of ['10', '-1', '1.5', '', '0x1', 'ten'])
      expect(() => values.parseInteger('--seed', text, 0, 9)).toThrow('a whole number from 0 to 9')
  })
})

describe('parseSizes', () => {
  it('gives any list of sizes back ascending, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1 }), { minLength: 1 }), (sizes) => {
        const expected = [...new Set(sizes)].toSorted((a, b) => a - b)
        expect(values.parseSizes('--sizes', [sizes.join(',')])).toEqual(expected)
        expect(values.parseSizes('--sizes', sizes.map(String))).toEqual(expected)
      }),
    )
    expect(values.parseSizes('--sizes', ['1e6,10', '2.5'])).toEqual([2.5, 10, 1_000_000])
  })

  it.each(['x', '1,x', '0', '-1', '1,,2', '', '1e999', '0x10', '1 000'])('refuses %j', (text) => {
    expect(() => values.parseSizes('--sizes', [text])).toThrow('--sizes: expected')
  })
})

describe('names', () => {
  it('are told with the nearest choice', () => {
    const choices = ['serial', 'threads']
    expect(values.parseChoices('--executors', ['threads, serial', 'threads'], choices)).toEqual([
      'threads',
      'serial',
    ])
    expect(() => values.parseChoices('--executors', ['thread'], choices)).toThrow(
      '--executors: there is no "thread". Did you mean threads? Choose from serial, threads.',
    )
  })
})

const parseWhatIf = (...texts: string[]) => values.parseWhatIf('--what-if', texts)

describe('parseWhatIf', () => {
  it('reads each key once, in any order', () => {
    expect(parseWhatIf('cores=16,latency=2ms')).toEqual({ cores: 16, latencyMs: 2 })
    expect(parseWhatIf('latency=0.5s', 'cores=1')).toEqual({ cores: 1, latencyMs: 500 })
    expect(parseWhatIf('cores=8')).toEqual({ cores: 8, latencyMs: null })
  })

  it.each([
    ['core=8', '--what-if: there is no "core". Did you mean cores? Choose from cores, latency.'],
    ['', '--what-if: there is no "".'],
    ['cores', '--what-if: expected cores=VALUE, such as cores=16,latency=2ms, received "cores".'],
    ['cores=0', '--what-if cores: expected a whole number from 1 to 1024, received "0".'],
    ['cores=2.5', '--what-if cores: expected a whole number'],
    ['latency=2', '--what-if latency: expected a duration above 0'],
    ['cores=2,cores=4', '--what-if: expected cores once, received "cores=2,cores=4".'],
  ])('refuses %j', (text, sentence) => {
    expect(() => parseWhatIf(text)).toThrow(sentence)
    expect(() => parseWhatIf(text)).toThrow(UsageError)
  })
})

describe('parseReportTarget', () => {
  it('splits at the first equals sign', () => {
    expect(values.parseReportTarget('--reporter', 'json', ['json'])).toEqual({ reporter: 'json', file: null })
    expect(values.parseReportTarget('--reporter', 'json=a=b.json', ['json'])).toEqual({
      reporter: 'json',
      file: 'a=b.json',
    })
    expect(() => values.parseReportTarget('--reporter', 'json=', ['json'])).toThrow('a file after json=')
    expect(() => values.parseReportTarget('--reporter', 'jsn=x', ['json'])).toThrow('Did you mean json?')
  })
})

describe('parseFile', () => {
  it('refuses what can only be a folder', () => {
    expect(values.parseFile('--out', 'results/run.json')).toBe('results/run.json')
    expect(() => values.parseFile('--out', 'results/')).toThrow('not of a folder')
    expect(() => values.parseFile('--out', '')).toThrow('not of a folder')
  })
})

describe('parseShard', () => {
  it('counts from one', () => {
    expect(values.parseShard('--shard', '2/3')).toEqual({ index: 2, of: 3 })
    for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '-1/3', '1.5/3', '1/1001'])
      expect(() => values.parseShard('--shard', text)).toThrow(
        `--shard: expected which part of up to 1000, such as 1/4 for the first of four, received "${text}".`,
      )
  })
})
