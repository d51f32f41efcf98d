/** The claims that one comparison with serial tests: threads for I/O, and for native code. */

import type { Claim } from './claim.ts'
import { ruleByMost } from './claim.ts'
import { waits, worksInNativeCode } from './habitats.ts'
import { findSpeedUps } from './speed-up.ts'

const moreWaiting = 'What it waits for does not come sooner if more threads wait for it.'

export const threadsForIo: Claim = {
  id: 'threads-for-io',
  text: 'Threads speed up I/O-bound work',
  judge: (cases) =>
    ruleByMost(
      findSpeedUps(cases, 'threads', waits),
      'no workload that is bound by I/O was compared: boundby run --workloads http-get,timer',
      {
        holds:
          cases.runtime.kind === 'node'
            ? "A thread that waits leaves its core to others; Node's I/O is asynchronous besides, so that one event loop can wait as well without a pool."
            : 'A thread that waits lets go of the interpreter lock (GIL), so that others run meanwhile.',
        refuted: moreWaiting,
      },
    ),
}

export const threadsForNativeCode: Claim = {
  id: 'threads-for-native-code',
  text: 'The exception: threads speed up CPU work in native code',
  judge: (cases) =>
    ruleByMost(
      findSpeedUps(cases, 'threads', worksInNativeCode),
      'neither sha256 nor gzip was compared: boundby run --workloads sha256,gzip --suite full',
      {
        holds:
          cases.runtime.kind === 'node'
            ? 'Threads of Node share no lock: whatever language the work is written in, each has a core.'
            : 'Hashing and compressing happen in native code, which lets go of the interpreter lock (GIL) while it works.',
        refuted: 'Handing the bytes to the threads costs what they gain.',
      },
    ),
}
