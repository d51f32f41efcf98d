/** Runs the steps of a job as GitHub's runner does, as far as ours need it: conditions, variables, bash. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'

export interface Step {
  readonly if?: string
  readonly run?: string
  readonly uses?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
}

/** What is known by a name with a dot: `inputs.fail-on`. */
export type Context = Readonly<Record<string, string>>

/** GitHub's operators that stand in our files are those of JavaScript; names with a hyphen are not. */
function evaluate(expression: string, context: Context, cwd: string): unknown {
  const known = expression.replaceAll(/(?:inputs|matrix)\.[\w-]+/gu, (name) => {
    const value = context[name]
    if (value === undefined) throw new Error(`${name} is unknown`)
    return JSON.stringify(value)
  })
  const hashFiles = (path: string): string => (existsSync(join(cwd, path)) ? 'a1b2' : '')
  return runInNewContext(known, { cancelled: () => false, hashFiles })
}

const expand = (text: string, context: Context, cwd: string): string =>
  text.replaceAll(/\$\{\{ (.*?) \}\}/gu, (_, expression: string) =>
    String(evaluate(expression, context, cwd)),
  )

/** The commands that its output gives to the runner, each a line. */
function commandsIn(output: string) {
  return output.split('\n').flatMap((line) => {
    const [, level = '', properties = '', message = ''] = /^::([a-z-]+) ?([^:]*)::(.*)$/u.exec(line) ?? []
    return level === '' ? [] : [{ level, properties, message }]
  })
}

async function bash(script: string, shell: string | undefined, cwd: string, env: NodeJS.ProcessEnv) {
  const folder = await mkdtemp(join(tmpdir(), 'boundby-runner-'))
  const file = join(folder, 'step.sh')
  await writeFile(file, script)
  // As https://docs.github.com/actions/reference/workflow-syntax has it: named or not makes a difference.
  const options = shell === undefined ? ['-e'] : ['--noprofile', '--norc', '-eo', 'pipefail']
  try {
    return await new Promise<{ readonly hasFailed: boolean; readonly output: string }>((done) => {
      execFile('bash', [...options, file], { cwd, env }, (error, output) =>
        done({ hasFailed: error !== null, output }),
      )
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Actions of others are passed over. */
export async function runJob(steps: readonly Step[], context: Context, cwd: string) {
  const outputs: string[] = []
  let hasFailed = false
  for (const { if: condition, run, shell, env = {} } of steps) {
    const isDue =
      condition === undefined ? !hasFailed : evaluate(condition.replaceAll(/\$\{\{|\}\}/gu, ''), context, cwd)
    if (run === undefined || isDue !== true) continue
    const variables = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, expand(value, context, cwd)]),
    )
    const ended = await bash(expand(run, context, cwd), shell, cwd, {
      ...process.env,
      GITHUB_OUTPUT: join(cwd, 'outputs.txt'),
      ...variables,
    })
    outputs.push(ended.output)
    hasFailed ||= ended.hasFailed
  }
  return { hasFailed, commands: commandsIn(outputs.join('')) }
}
