/** The task that does nothing: what it takes is what handing a task over takes. */

export const nothing = (): void => {}
