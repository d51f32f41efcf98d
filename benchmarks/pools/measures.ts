/** What the pools are raced at, and how each number is to be read. */

export interface Measure {
  readonly id: string
  /** The column's head, unit included. */
  readonly title: string
  readonly better: 'more' | 'less'
  readonly digits: number
  /** What of the peers' it is held against, where they have nothing of the kind. */
  readonly against?: { readonly id: string; readonly note: string }
}

const row = (id: string, title: string, better: Measure['better'], digits = 0): Measure => ({
  id,
  title,
  better,
  digits,
})

const against = (measure: Measure, id: string, note: string): Measure => ({
  ...measure,
  against: { id, note },
})

/** Both ends on one core: where they lie is the kernel's choice otherwise, and the latency has two values. */
export const pinnedMeasure = row('pinnedUs', 'round trip pinned, µs', 'less')

export const measures: readonly Measure[] = [
  row('tasksPerMs', 'empty tasks/ms, 64 in flight', 'more'),
  pinnedMeasure,
  row('roundTripUs', 'round trip free, µs', 'less'),
  row('mapOneMs', 'map of 10,000 by one, ms', 'less', 1),
  row('mapTunedMs', 'the same by 256, ms', 'less', 1),
  against(row('mapUntunedMs', 'the same untuned, ms', 'less', 1), 'mapTunedMs', 'by 256'),
  row('smallMBs', '1 KiB there and back, MB/s', 'more'),
  row('upMBs', '1 MiB there, MB/s', 'more'),
  row('largeUpMBs', '64 MiB there, MB/s', 'more'),
  row('largeDownMBs', '64 MiB back, MB/s', 'more'),
  row('largeMBs', '64 MiB there and back, MB/s', 'more'),
  against(row('sharedMBs', 'the same as SharedBytes, copied in and out, MB/s', 'more'), 'largeMBs', 'copied'),
  against(
    row('sharedInPlaceMBs', 'the same as SharedBytes, each page changed in place, MB/s', 'more'),
    'largeMBs',
    'copied',
  ),
  row('treeMBs', '1 MiB of objects there and back, MB/s', 'more', 1),
  row('startMs', 'start to first result, ms', 'less'),
  row('importAndStartMs', 'the same with its import, ms', 'less'),
  row('parentPeakMB', 'peak of parent, MB', 'less'),
  row('childrenPeakMB', 'peak of children, MB', 'less'),
]

/** One launch's numbers, by the id of the measure; what a pool cannot do is missing. */
export type Numbers = Readonly<Record<string, number>>
