/** The public interface of `boundby`: what a workload file needs. Executors are in `boundby/executors`. */
export { defineWorkload } from './workloads/workload.ts'
export type { Hypothesis, Workload } from './workloads/workload.ts'
export { BoundbyError, UsageError, WorkloadUnavailableError } from './errors.ts'
