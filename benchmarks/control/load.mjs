/** A neighbour that keeps about half a core busy, in bursts of random length; it ends with whoever started it. */

import { setTimeout as pause } from 'node:timers/promises'

const longestBurstMs = 300

process.on('disconnect', () => process.exit())
for (;;) {
  const burstMs = Math.random() * longestBurstMs
  const endMs = performance.now() + burstMs
  while (performance.now() < endMs);
  await pause(burstMs)
}
