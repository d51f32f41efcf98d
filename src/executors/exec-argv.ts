/** Which of this process's Node options a child process may inherit. */

/** These say what this very process does (run a string, a test, a debugger): a child would do it again. */
const withValue = new Set(['--eval', '-e', '--print', '-p', '-pe', '--input-type', '--run'])
const ownPrefixes = ['--inspect', '--watch', '--test', '--build-snapshot', '--experimental-sea-config']
const ownFlags = new Set(['--check', '-c', '--interactive', '-i', '--prof-process', '--debug-port'])

/** `execArgv` without the options that belong to one process only; child_process.fork() does so for `--eval`. */
export function inheritableExecArgv(execArgv: readonly string[]): string[] {
  const inheritable: string[] = []
  for (let index = 0; index < execArgv.length; index++) {
    const argument = execArgv[index] ?? ''
    const name = argument.split('=', 1)[0] ?? ''
    if (withValue.has(name)) {
      if (!argument.includes('=')) index++
    } else if (!ownFlags.has(name) && !ownPrefixes.some((prefix) => name.startsWith(prefix)))
      inheritable.push(argument)
  }
  return inheritable
}
