/** `boundby/executors`: `concurrent.futures` for Node. */
export type * from './executor.ts'
export { taskModule, taskRef } from './task.ts'
