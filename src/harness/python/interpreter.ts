/** The Python interpreters of a run: found by asking each, which tells what it is. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { UsageError } from '../../errors.ts'
import type { PythonRecord } from '../../results/schema.ts'

/** An interpreter that was asked; a result keeps its record, never its path. */
export interface Python {
  /** The executable itself: a shim in front of it would take part in start-up. */
  readonly path: string
  readonly record: PythonRecord
  /** The methods that its pools have, of those that matter here. */
  readonly poolMethods?: z.infer<typeof answerSchema>['poolMethods']
  /** Why it cannot run a twin; null if it can. */
  readonly unfit: string | null
}

const oldest = { major: 3, minor: 9 } as const
const askTimeoutMs = 10_000
/** What every sentence on a missing Python ends with. */
const howToGet = `install Python >= ${oldest.major}.${oldest.minor} (https://www.python.org/downloads/), or name one with --python`

/** Runs on any Python, so that an old one can say how old it is. */
const question = `
import json, platform, sys
def ask():
    told = {'path': sys.executable, 'version': list(sys.version_info[:2]), 'release': platform.python_version()}
    told['implementation'] = platform.python_implementation()
    gil = getattr(sys, '_is_gil_enabled', None)
    told['gil'] = None if gil is None else bool(gil())
    try:
        import multiprocessing, sysconfig
        told['freeThreaded'] = bool(sysconfig.get_config_var('Py_GIL_DISABLED'))
        told['startMethod'] = multiprocessing.get_start_method()
        from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
        def has(pool):
            return [name for name in ('submit', 'map', 'shutdown') if callable(getattr(pool, name, None))]
        told['poolMethods'] = {'threads': has(ThreadPoolExecutor), 'processes': has(ProcessPoolExecutor)}
    except Exception:
        pass
    return told
print(json.dumps(ask()))
`

const answerSchema = z.object({
  path: z.string().min(1).max(4096),
  version: z.tuple([z.int(), z.int()]),
  release: z.string().regex(/^[\w.+-]{1,50}$/u),
  implementation: z.string().regex(/^[\w. -]{1,50}$/u),
  gil: z.boolean().nullable(),
  freeThreaded: z.boolean().default(false),
  startMethod: z.enum(['fork', 'spawn', 'forkserver']).optional(),
  poolMethods: z
    .object({ threads: z.array(z.string()).max(3), processes: z.array(z.string()).max(3) })
    .optional(),
})

/** `cpython 3.13.1`, or `cpython 3.13.1 free-threaded`. */
function runtimeOf({ implementation, release, freeThreaded }: z.infer<typeof answerSchema>): string {
  return `${implementation.toLowerCase()} ${release}${freeThreaded ? ' free-threaded' : ''}`
}

/** Null if it cannot be started, or gives no answer. */
async function ask(path: string): Promise<Python | null> {
  const stdout = await promisify(execFile)(path, ['-B', '-c', question], {
    timeout: askTimeoutMs,
    maxBuffer: 100_000,
    windowsHide: true,
  }).then(
    (ended) => ended.stdout,
    () => '',
  )
  let told: unknown
  try {
    told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
  const answer = answerSchema.safeParse(told)
  if (!answer.success) return null
  const { data } = answer
  const [major, minor] = data.version
  const isOld = major < oldest.major || (major === oldest.major && minor < oldest.minor)
  return {
    path: data.path,
    record: {
      runtime: runtimeOf(data),
      implementation: data.implementation,
      version: data.release,
      gilEnabled: data.gil,
      freeThreaded: data.freeThreaded,
      ...(data.startMethod === undefined ? {} : { startMethod: data.startMethod }),
    },
    poolMethods: data.poolMethods,
    unfit: isOld
      ? `Python ${data.release} is too old for boundby, which needs ${oldest.major}.${oldest.minor}: ${howToGet}`
      : null,
  }
}

/** Two builds of one version race each other as well as two versions do. */
function withDistinctRuntimes(pythons: readonly Python[]): Python[] {
  const seen = new Map<string, number>()
  return pythons.map((python) => {
    const { runtime } = python.record
    const times = (seen.get(runtime) ?? 0) + 1
    seen.set(runtime, times)
    return times === 1 ? python : { ...python, record: { ...python.record, runtime: `${runtime} #${times}` } }
  })
}

export interface FoundPythons {
  readonly pythons: readonly Python[]
  /** Why there is none; null if there is one. */
  readonly missing: string | null
  /** Whether the call asked for Python: what is only found may be left out. */
  readonly isAsked: boolean
}

/**
 * The interpreters at these paths, or else the `python3` on the PATH; each executable once.
 * @throws UsageError for a path at which no Python answers.
 */
export async function findPythons({
  paths,
  isAsked,
}: {
  readonly paths: readonly string[] | null
  readonly isAsked: boolean
}): Promise<FoundPythons> {
  if (paths === null) {
    const python = (await ask('python3')) ?? (process.platform === 'win32' ? await ask('python') : null)
    return python === null
      ? { pythons: [], missing: `there is no python3 on the PATH: ${howToGet}`, isAsked }
      : { pythons: [python], missing: null, isAsked }
  }
  const asked = await Promise.all(paths.map(ask))
  const pythons = asked.map((python, index) => {
    if (python !== null) return python
    throw new UsageError(
      `--python: expected a Python interpreter, received ${JSON.stringify(paths[index])}, which cannot be started or is none.`,
    )
  })
  const distinct = pythons.filter(
    (python, index) => pythons.findIndex(({ path }) => path === python.path) === index,
  )
  return { pythons: withDistinctRuntimes(distinct), missing: null, isAsked }
}
