/** What comes behind `--` on the command line: names of files and folders, whatever they begin with. */

/** The line without it, as yargs gives a command nothing of what comes behind; a leading dash is hidden in a path. */
export function withoutSeparator(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--')
  if (at === -1) return argv
  const names = argv.slice(at + 1).map((name) => (name.startsWith('-') ? `./${name}` : name))
  return [...argv.slice(0, at), ...names]
}
