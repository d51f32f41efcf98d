/** Typed references to exported functions: how a task is named so that any executor, in any process, can find it. */

/** What can be a task: a function of one structured-cloneable input; its output is awaited. */
export type TaskFunction = (input: never) => unknown

declare const signature: unique symbol

/** Names an exported function of a module; the type parameters exist only for the compiler. */
export interface TaskReference<Input, Output> {
  /** The module, as an absolute `file:` (or `node:`, `data:`) URL. */
  readonly url: string
  readonly exportName: string
  readonly [signature]?: (input: Input) => Output
}

/** The reference type that belongs to a function type. */
export type TaskReferenceTo<F> = F extends (input: infer Input) => infer Output
  ? TaskReference<Input, Awaited<Output>>
  : never

/** The references to all functions that a module exports. */
export type TasksOf<Module> = {
  readonly [Name in keyof Module as Module[Name] extends TaskFunction ? Name : never]: TaskReferenceTo<
    Module[Name]
  >
}

/**
 * References one exported function: `taskRef<typeof countPrimes>(import.meta.url, 'countPrimes')`.
 * @throws TypeError if `url` is not an absolute URL.
 */
export function taskRef<F extends TaskFunction>(url: string | URL, exportName: string): TaskReferenceTo<F> {
  const reference: TaskReference<unknown, unknown> = { url: new URL(url).href, exportName }
  return reference as TaskReferenceTo<F>
}

/**
 * References every exported function of a module:
 * `taskModule<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))`. Nothing is imported here;
 * a name that the module does not export fails when it is submitted (`TaskNotFoundError`).
 * @throws TypeError if `url` is not an absolute URL.
 */
export function taskModule<Module>(url: string | URL): TasksOf<Module> {
  const { href } = new URL(url)
  const references = new Map<string, TaskReference<unknown, unknown>>()
  const proxy = new Proxy(Object.freeze({}), {
    get(_target, name) {
      if (typeof name !== 'string') return undefined
      const known = references.get(name)
      if (known !== undefined) return known
      const reference = { url: href, exportName: name }
      references.set(name, reference)
      return reference
    },
  })
  return proxy as TasksOf<Module>
}
