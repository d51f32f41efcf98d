/** What tasks of a known time must take under each executor, if nothing but the tasks took time. */

/** The makespan in ms of `tasks` tasks of `taskMs` each. */
export function theoryMs(
  workload: string,
  executor: string,
  { tasks, workers, taskMs }: { tasks: number; workers: number | null; taskMs: number },
): number {
  const turns = Math.ceil(tasks / (workers ?? tasks))
  if (executor === 'serial') return tasks * taskMs
  // All share one thread, on which only a timer waits for another.
  if (executor === 'event-loop') return workload === 'timer' ? turns * taskMs : tasks * taskMs
  return turns * taskMs
}

export interface Truth {
  readonly kind: 'winner' | 'tie'
  readonly executors: readonly string[]
}

/** Who wins by theory, or who is tied within the margin. */
export function truthOf(makespansMs: ReadonlyMap<string, number>, margin: number): Truth {
  const bestMs = Math.min(...makespansMs.values())
  const executors = [...makespansMs].filter(([, ms]) => ms <= bestMs * (1 + margin)).map(([id]) => id)
  return { kind: executors.length === 1 ? 'winner' : 'tie', executors }
}
