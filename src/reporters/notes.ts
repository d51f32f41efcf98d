/** Numbered notes under a table: why a cell has no time. The same reason has one number. */

export class Notes {
  readonly #numbers = new Map<string, number>()

  /** The mark that stands in the cell, for example `[1]`. */
  mark(reason: string): string {
    const number = this.#numbers.get(reason) ?? this.#numbers.size + 1
    this.#numbers.set(reason, number)
    return `[${number}]`
  }

  has(reason: string): boolean {
    return this.#numbers.has(reason)
  }

  list(): readonly { mark: string; reason: string }[] {
    return [...this.#numbers].map(([reason, number]) => ({ mark: `[${number}]`, reason }))
  }
}
