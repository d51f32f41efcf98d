/** What workerpool loads in its workers. */

import workerpool from 'workerpool'
import * as tasks from './tasks.mjs'

workerpool.worker({ ...tasks })
