/** Counts as the page shows them. */

export const found = (tries: readonly { readonly isFound: boolean }[]): string =>
  `${tries.filter(({ isFound }) => isFound).length} of ${tries.length}`

export const range = (counts: readonly number[]): string => `${Math.min(...counts)} to ${Math.max(...counts)}`
