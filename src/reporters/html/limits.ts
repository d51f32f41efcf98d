/** How much of a large result is drawn: everything else is in tables, and what is left out is said. */

/** Sizes that one chart shows. */
export const maxSizesPerChart = 16
/** A table of more rows keeps to the sizes that its chart shows. */
export const maxRowsOfAllSizes = 16
/** Workloads that are drawn; a result of more has its charts for the first ones. */
export const maxDrawnWorkloads = 30
/** Tasks of all timelines of a page that are drawn one by one, and those whose numbers are shown one by one. */
const timelineTasks = { drawn: 1200, numbered: 160 }

/** What each of so many timelines gets of that. */
export function timelineDetail(timelines: number): { readonly drawn: number; readonly numbered: number } {
  const each = (tasks: number): number => Math.floor(tasks / Math.max(1, timelines))
  return {
    drawn: Math.max(16, each(timelineTasks.drawn)),
    numbered: Math.max(3, each(timelineTasks.numbered)),
  }
}

/** The first, the last, those that must stay, and of the others as many as there is room for, evenly chosen. */
export function thinned<Item>(
  items: readonly Item[],
  most: number,
  mustStay: (item: Item, index: number) => boolean = () => false,
): readonly Item[] {
  if (items.length <= most) return items
  const stays = items.map((item, index) => index === 0 || index === items.length - 1 || mustStay(item, index))
  const kept = stays.filter(Boolean).length
  if (kept > most)
    return Array.from(
      { length: most },
      (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))] as Item,
    )
  const others = items.length - kept
  const room = most - kept
  let seen = 0
  return items.filter((_, index) => {
    if (stays[index] === true) return true
    const taken = Math.floor((seen * room) / others)
    seen++
    return Math.floor((seen * room) / others) > taken
  })
}
