/** Every scenario by its name, in the order of the tables. */

import { cancellation } from './cancellation.ts'
import { ends } from './ends.ts'
import { faults } from './faults.ts'
import type { Scenario } from './scenario.ts'
import { transfer } from './transfer.ts'

export const scenarios: ReadonlyMap<string, Scenario> = new Map([
  ...transfer,
  ...faults,
  ...cancellation,
  ...ends,
])
