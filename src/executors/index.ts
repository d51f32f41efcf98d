/** `boundby/executors`: `concurrent.futures` for Node. */

export type * from './executor.ts'
export {
  BrokenExecutorError,
  ExecutorError,
  ExecutorShutdownError,
  NestedSubmitError,
  QueueFullError,
  SharedBytesReleasedError,
  TaskCancelledError,
  TaskNotFoundError,
  TaskTransferError,
  WorkerLostError,
} from '../errors.ts'
export type { WorkerExit } from '../errors.ts'
export { taskModule, taskRef } from './task.ts'
export type * from './task.ts'
export { SerialExecutor } from './serial.ts'
export { EventLoopExecutor } from './event-loop.ts'
export { ThreadPoolExecutor } from './thread-pool.ts'
export type { ThreadPoolExecutorOptions } from './thread-pool.ts'
export { ProcessPoolExecutor } from './process-pool.ts'
export { SharedBytes } from './shared-bytes.ts'
export { createExecutor, executorIds, executorTraits } from './registry.ts'
export type { ExecutorTraits } from './registry.ts'
