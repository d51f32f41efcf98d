/** Loading: what a workload module must export, and what the author of another one is told. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '#dist/errors.js'
import { bundleWorkload } from '#dist/workloads/bundle.js'
import { describe as describeWorkload, loadWorkload } from '#dist/workloads/load.js'

let folder: string
let count = 0

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-load-')))
  await mkdir(join(folder, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(source: string, extension = 'ts') {
  const file = join(folder, `case-${count++}.${extension}`)
  await writeFile(file, source)
  const { url } = await bundleWorkload(file)
  return { url, loaded: await loadWorkload(url, 'case.ts') }
}

async function mistake(source: string, extension?: string): Promise<string> {
  const error: unknown = await load(source, extension).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message
}

const fields = `name: 'mine', summary: 'Mine', expects: 'cpu', module: import.meta.url, sizes: [1, 10], inputs: (size) => [size]`

const withChange = (change: string) =>
  `export const work = (x) => x; export default { ${fields}, task: work, ${change} }`

describe('loadWorkload', () => {
  it('finds the export that is the task, whatever it is called', async () => {
    const { url, loaded } = await load(
      `import { defineWorkload } from 'boundby'
       export const other = (x: number) => x
       const work = (x: number) => x + 1
       export { work as 'the task' }
       export default defineWorkload({ ${fields}, task: work })`,
    )
    expect(loaded.task).toEqual({ url, exportName: 'the task' })
    expect(loaded.workload.name).toBe('mine')
  })

  it('takes a plain object and plain JavaScript', async () => {
    const { loaded } = await load(
      `export const work = (x) => x; export default { ${fields}, task: work }`,
      'js',
    )
    expect(loaded.task.exportName).toBe('work')
  })

  it('checks a plain object as defineWorkload would', async () => {
    expect(await mistake(withChange(`expects: 'gpu'`))).toMatch(
      /^case\.ts: Workload "mine": expected `expects`.*"gpu"/u,
    )
    expect(await mistake(withChange(`sizes: undefined`))).toContain('expected `sizes` to be an array')
    expect(await mistake(withChange(`task: 'work'`))).toContain('expected `task` to be an exported function')
  })

  it('names the file where defineWorkload itself refuses', async () => {
    expect(
      await mistake(
        `import { defineWorkload } from 'boundby'; export const work = (x) => x
         export default defineWorkload({ ${fields}, task: work, name: 'My Workload' })`,
      ),
    ).toMatch(/^case\.ts: Workload "My Workload": expected `name`/u)
  })

  it('says what a module exports that is no workload', async () => {
    expect(await mistake('export const a = 1, b = 2')).toContain('no default export: expected')
    expect(await mistake('export const a = 1, b = 2')).toContain('only the named exports a, b')
    expect(await mistake('void 0')).toContain('a module without exports')
    expect(await mistake('export default (x: number) => x')).toContain(
      'received a function. Make that function the `task`',
    )
    expect(await mistake('export default 42')).toContain('received a number')
    expect(await mistake('export default null')).toContain('received null')
    expect(await mistake('export default [1]')).toContain('received an array')
    expect(await mistake('export default { name: "x" }')).toContain('received an object')
  })

  it('says that a CommonJS module is one', async () => {
    expect(await mistake(`module.exports = { default: { name: 'x' } }`, 'js')).toContain(
      'is a CommonJS module',
    )
  })

  it('asks for the task to be exported', async () => {
    expect(
      await mistake(`const work = (x: number) => x; export default { ${fields}, task: work }`),
    ).toContain('Add `export` to work')
  })

  it('says where a module fails while it is loaded', async () => {
    const file = join(folder, 'fails.ts')
    await writeFile(file, `const list: number[] = []\n\nlist.reduce((a, b) => a + b)`)
    const { url } = await bundleWorkload(file)
    // In a process of its own, since vitest has a way of its own with stacks.
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--enable-source-maps',
      '--input-type=module',
      '-e',
      `import { loadWorkload } from ${JSON.stringify(new URL('../../dist/workloads/load.js', import.meta.url).href)}
       console.log(await loadWorkload(${JSON.stringify(url)}, 'fails.ts').catch((error) => error.message))`,
    ])
    expect(stdout).toBe(
      `fails.ts fails while it is loaded: TypeError: Reduce of empty array with no initial value (at ${file}:3)\n`,
    )
    expect(await mistake(`throw 'a text'`)).toContain('a text')
  })

  it('names the package that a module misses', async () => {
    expect(await mistake(`import x from 'not-installed-here'; export default x`)).toContain(
      "imports the package 'not-installed-here', which is not installed",
    )
  })
})

describe('describe', () => {
  it('says all there is to say without functions', async () => {
    const { loaded } = await load(
      `export const work = (x) => x; export default { ${fields}, task: work, source: 'here' }`,
    )
    expect(describeWorkload(loaded.workload)).toEqual({
      name: 'mine',
      summary: 'Mine',
      source: 'here',
      expects: 'cpu',
      sizes: [1, 10],
      defaultSizes: [1, 10],
      transfer: 'clone',
    })
  })
})
