/**
 * Keeps the memory of child processes warm: most of what a large payload costs are the page faults of fresh memory, so
 * the allocator (glibc's; others ignore this) is told to keep what was freed, up to a bound, in each child.
 */

/** What each child keeps at most of what was freed, in bytes. */
const keptBytes = 128 * 1024 * 1024

/** Variables of a child's environment, which it reads at its start and then removes; see mallopt(3). */
export const warmMemory: Readonly<Record<string, string>> = {
  // Large blocks come from the heap as well, and go back to it.
  MALLOC_MMAP_MAX_: '0',
  MALLOC_TRIM_THRESHOLD_: String(keptBytes),
}
