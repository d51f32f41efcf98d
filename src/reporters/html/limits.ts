/** How much of a large result is drawn: everything else is in tables, and what is left out is said. */

/** Sizes that one chart shows. */
export const maxSizesPerChart = 16
/** Workloads that are drawn; a result of more has its charts for the first ones. */
export const maxDrawnWorkloads = 30
/** Tasks that the timelines of a page show one by one, all together; more are drawn in groups. */
export const maxTimelineMarks = 700

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
