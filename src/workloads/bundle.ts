/** Bundles a workload's source once, so that every executor imports the very same bytes. */

import { createHash, randomUUID } from 'node:crypto'
import { constants, rmSync } from 'node:fs'
import { access, mkdir, mkdtemp, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, posix, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BuildFailure, Loader, Plugin, StdinOptions } from 'esbuild'
import { UsageError } from '../errors.ts'
import { temporaryPrefix } from '../temporary-prefix.ts'

/** A workload module, bundled. */
export interface WorkloadBundle {
  /** Absolute path of the source. */
  readonly file: string
  /** `file:` URL of the bundled module. */
  readonly url: string
  /** SHA-256 of the bundle, in hex. */
  readonly sha256: string
  /** Whether the source is a CommonJS module, which exports all it has as `default`. */
  readonly isCommonJs: boolean
}

const ownFolder = fileURLToPath(new URL('..', import.meta.url))
const ownExecutors = new URL('../executors/index.js', import.meta.url).href

/** Set by the bundle's banner to the bundle's own URL, from which each source's is computed at load. */
const bundleUrl = '__boundbyBundleUrl'
const sourceUrl = '__boundbySourceUrl'
const sourceFile = '__boundbySourceFile'
const sourceFolder = '__boundbySourceFolder'

/**
 * `boundby` is this package wherever the workload lies, bundled in with tree shaking, so that it needs no
 * installation and a worker doesn't import more than `defineWorkload`. A namespace of its own keeps the path of
 * the installation out of the bytes. The executors stay an import: they find their workers' entries by their URL.
 */
const ownPackage: Plugin = {
  name: 'boundby',
  setup(build) {
    build.onResolve({ filter: /^boundby$/ }, () => ({ path: 'index.js', namespace: 'boundby' }))
    build.onResolve({ filter: /^\./, namespace: 'boundby' }, ({ path, importer }) => ({
      path: posix.join(posix.dirname(importer), path),
      namespace: 'boundby',
      sideEffects: false,
    }))
    build.onLoad({ filter: /./, namespace: 'boundby' }, async ({ path }) => ({
      contents: await readFile(join(ownFolder, path), 'utf8'),
    }))
    build.onResolve({ filter: /^boundby\/executors$/ }, () => ({ path: ownExecutors, external: true }))
  },
}

function loaderOf(file: string): Loader {
  const extension = extname(file)
  if (extension.endsWith('x')) return extension.endsWith('tsx') ? 'tsx' : 'jsx'
  return extension.endsWith('ts') ? 'ts' : 'js'
}

/**
 * Keeps `import.meta.url`, `.filename` and `.dirname` those of each source. What is put in front shares the first
 * line of the source, so that line numbers stay right; paths are relative to the bundle, so that the same sources
 * give the same bytes in every clone.
 */
function sourceLocations(folder: string): Plugin {
  return {
    name: 'source-locations',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
        const contents = await readFile(path, 'utf8')
        if (!contents.includes('import.meta')) return undefined
        const from = pathToFileURL(folder).pathname
        const to = JSON.stringify(posix.relative(from, pathToFileURL(path).pathname))
        const front =
          'import { dirname as __boundbyDirname } from "node:path";' +
          'import { fileURLToPath as __boundbyPath } from "node:url";' +
          `const ${sourceUrl} = /* @__PURE__ */ new URL(${to}, ${bundleUrl}).href;` +
          `const ${sourceFile} = /* @__PURE__ */ __boundbyPath(${sourceUrl});` +
          `const ${sourceFolder} = /* @__PURE__ */ __boundbyDirname(${sourceFile});`
        return { contents: front + contents.replace(/^#!.*/u, ''), loader: loaderOf(path) }
      })
    },
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** The nearest `node_modules` at or above a folder: from there the source's own packages resolve. */
async function nearestPackages(folder: string): Promise<string | undefined> {
  if (basename(folder) === 'node_modules') return folder
  const here = join(folder, 'node_modules')
  if (await isFolder(here)) return here
  const parent = dirname(folder)
  return parent === folder ? undefined : nearestPackages(parent)
}

let privateFolder: Promise<string> | undefined

/** For sources without packages, or beside packages that this user may not write to; gone when this process ends. */
async function makePrivateFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), temporaryPrefix())))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function bundleFolder(file: string): Promise<string> {
  const packages = await nearestPackages(dirname(file))
  if (packages !== undefined) {
    try {
      const folder = join(packages, '.boundby')
      await mkdir(folder, { recursive: true })
      await access(folder, constants.W_OK)
      return await realpath(folder)
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  privateFolder ??= makePrivateFolder()
  return privateFolder
}

/** The path as the user would write it. */
function shown(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}

function explain(file: string, failure: BuildFailure): UsageError {
  const [first, ...others] = failure.errors
  const location = first?.location
  const place =
    location === null || location === undefined
      ? shown(file)
      : `${shown(resolve(dirname(file), location.file))}:${location.line}:${location.column + 1}`
  const rest = others.length === 0 ? '' : ` (and ${others.length} more)`
  return new UsageError(`Cannot bundle ${place}: ${first?.text ?? failure.message}${rest}.`, {
    cause: failure,
  })
}

/** A module that exports properties of a CommonJS module under their names. */
function asExports(file: string, names: readonly string[]): StdinOptions {
  const lines = names.map(
    (name, index) =>
      `const task${index} = all[${JSON.stringify(name)}]; export { task${index} as ${JSON.stringify(name)} }`,
  )
  return {
    contents: [`import * as all from ${JSON.stringify(`./${basename(file)}`)}`, ...lines].join('\n'),
    resolveDir: dirname(file),
  }
}

async function bundled(
  file: string,
  folder: string,
  names: readonly string[],
): Promise<{ bytes: Uint8Array; isCommonJs: boolean }> {
  const { build } = await import('esbuild')
  try {
    const { outputFiles, metafile } = await build({
      ...(names.length === 0 ? { entryPoints: [file] } : { stdin: asExports(file, names) }),
      metafile: true,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      // Both settle the relative paths inside the bundle, so that its bytes don't depend on where it was made.
      absWorkingDir: dirname(file),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      write: false,
      sourcemap: 'inline',
      sourcesContent: false,
      banner: { js: `const ${bundleUrl} = import.meta.url;` },
      define: {
        'import.meta.url': sourceUrl,
        'import.meta.filename': sourceFile,
        'import.meta.dirname': sourceFolder,
      },
      plugins: [ownPackage, sourceLocations(folder)],
      logLevel: 'silent',
    })
    const isCommonJs = metafile.inputs[basename(file)]?.format === 'cjs'
    return { bytes: outputFiles[0]?.contents ?? new Uint8Array(), isCommonJs }
  } catch (error) {
    if (error instanceof Error && 'errors' in error) throw explain(file, error as BuildFailure)
    throw error
  }
}

/**
 * Bundles one source, with everything it imports by a relative path, into one module; packages stay imports and
 * resolve as from the source. The same sources give the same bytes.
 * @param names properties of a CommonJS module that the bundle exports instead of `default`.
 * @throws UsageError with file, line and column for a syntax error or an import that cannot be found.
 */
export async function bundleWorkload(file: string, names: readonly string[] = []): Promise<WorkloadBundle> {
  const source = await realpath(file)
  const folder = await bundleFolder(source)
  const { bytes, isCommonJs } = await bundled(source, folder, names)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const target = join(folder, `${basename(source, extname(source))}-${sha256.slice(0, 16)}.mjs`)
  // Renamed into place, since another boundby may be importing the same bundle now.
  const unfinished = `${target}.${randomUUID()}`
  await writeFile(unfinished, bytes)
  await rename(unfinished, target)
  return { file, url: pathToFileURL(target).href, sha256, isCommonJs }
}

/** Ends esbuild's service process, which else lives beside what is measured; bundling again starts another. */
export async function stopBundling(): Promise<void> {
  const { stop } = await import('esbuild')
  await stop()
}
