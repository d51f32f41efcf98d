/** The web server of the I/O workloads: gone with whoever started it, deaf to Ctrl-C, and no burden to a client. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { getText } from '../../benchmarks/servers/http-client.ts'
import { startHttpServer, stopHttpServer, type HttpServer } from '../../benchmarks/servers/http-server.ts'

const servers = new URL('../../benchmarks/servers/', import.meta.url)
let folder: string
let server: HttpServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-servers-test-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  server = await startHttpServer()
})
afterEach(() => stopHttpServer(server))

/** A script for another process, from a module of the servers and what follows it. */
async function bundle(module: string, code: string): Promise<string> {
  const outfile = join(folder, `${module}.mjs`)
  await build({
    stdin: {
      contents: `import * as module from './${module}'\n${code}`,
      resolveDir: new URL('.', servers).pathname,
    },
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    define: { 'import.meta.url': JSON.stringify(new URL(module, servers).href) },
  })
  return outfile
}

test('a stopped server is dead', async () => {
  await stopHttpServer(server)
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH')
  await stopHttpServer(server)
})

test('the server ends when its parent is killed', async () => {
  const script = await bundle(
    'http-server.ts',
    'console.log((await module.startHttpServer()).origin); setInterval(() => {}, 1e6)',
  )
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [origin] = (await once(parent.stdout, 'data')) as [Buffer]
  const socket = connect(Number(new URL(origin.toString().trim()).port), '127.0.0.1')
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  socket.on('error', () => {})
  socket.resume()
  parent.kill('SIGKILL')
  await closed
})

test('the server does not keep its parent alive', async () => {
  const script = await bundle('http-server.ts', 'console.log((await module.startHttpServer()).pid)')
  await promisify(execFile)(process.execPath, [script])
})

test('Ctrl-C does not end the server before its requests', async () => {
  const answer = getText(`${server.origin}/1`)
  process.kill(server.pid, 'SIGINT')
  expect(await answer).toBe('response 1')
  expect(await getText(`${server.origin}/2`)).toBe('response 2')
})

test('kept connections do not keep a client alive', async () => {
  const script = await bundle('http-client.ts', `console.log(await module.getText(process.argv[2]))`)
  const { stdout } = await promisify(execFile)(process.execPath, [script, `${server.origin}/5`])
  expect(stdout).toBe('response 5\n')
})

test.each(['/', '/x', '/-1', '/1.5', '/1?a'])('an answer other than 200 is an error: %s', async (path) => {
  const id = path === '/' ? '/%20x' : path
  await expect(getText(server.origin + id)).rejects.toThrow('answered 400')
})

test('a server that is gone is an error', async () => {
  await stopHttpServer(server)
  await expect(getText(`${server.origin}/1`)).rejects.toThrow()
})
