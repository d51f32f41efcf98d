/** How often an option may be given; yargs takes what comes from here. */

import { UsageError } from '../errors.ts'

/** An option that can be given once; `parse` gets its name and text. */
export function once<Value>(parse: (option: string, text: string) => Value, option: string) {
  return {
    type: 'string',
    requiresArg: true,
    coerce: (given: string | readonly string[]): Value => {
      if (typeof given === 'string') return parse(option, given)
      throw new UsageError(`${option}: expected one value, received ${given.join(' and ')}. Give it once.`)
    },
  } as const
}

/** An option that takes a list, or can be given several times. */
export function several<Value>(parse: (option: string, texts: readonly string[]) => Value, option: string) {
  return {
    type: 'string',
    requiresArg: true,
    coerce: (given: string | readonly string[]): Value =>
      parse(option, typeof given === 'string' ? [given] : given),
  } as const
}
