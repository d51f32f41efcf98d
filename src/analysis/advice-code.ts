/** The code that puts advice into practice: a program beside the module, ready to paste. */

/** A function as a program names it. */
export interface FunctionSource {
  /** The module's path; the code stands beside it. */
  readonly file: string
  readonly exportName: string
  /** What it was called with, in turn. */
  readonly inputs: readonly unknown[]
}

const classes: Readonly<Record<string, string>> = {
  'event-loop': 'EventLoopExecutor',
  threads: 'ThreadPoolExecutor',
  processes: 'ProcessPoolExecutor',
}

/** An input longer than this would hide the program. */
const longestInput = 60

function quoted(text: string): string {
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`
}

const isIdentifier = (name: string): boolean =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== 'default'

/** As compiled: what a program imports is JavaScript. */
function specifierOf(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  return `./${name.replace(/\.(m?)ts$/u, '.$1js')}`
}

function inputsText(inputs: readonly unknown[]): string {
  const texts = inputs.map((input) => JSON.stringify(input) ?? 'undefined').join(', ')
  return texts.length > longestInput ? '[/* your inputs */]' : `[${texts}]`
}

/**
 * @param executor an id of the registry.
 * @param workers null: the executor's default.
 */
export function adviceCode(executor: string, workers: number | null, source: FunctionSource): string {
  const { exportName, inputs } = source
  const module = quoted(specifierOf(source.file))
  const task = isIdentifier(exportName) ? exportName : 'task'
  const name = task === exportName ? task : `${quoted(exportName)}: task`
  const given = `const inputs = ${inputsText(inputs)}`
  const className = classes[executor]
  if (className === undefined) {
    const imported =
      task === exportName
        ? task
        : `${isIdentifier(exportName) || exportName === 'default' ? exportName : quoted(exportName)} as task`
    return [
      `import { ${imported} } from ${module}`,
      '',
      given,
      `for (const input of inputs) console.log(await ${task}(input))`,
    ].join('\n')
  }
  const options = workers === null ? '' : `{ maxWorkers: ${workers} }`
  return [
    `import { ${className}, taskModule } from 'boundby/executors'`,
    '',
    `const { ${name} } = taskModule<typeof import(${module})>(`,
    `  new URL(${module}, import.meta.url),`,
    ')',
    given,
    `await using executor = new ${className}(${options})`,
    `for await (const output of executor.map(${task}, inputs)) console.log(output)`,
  ].join('\n')
}
