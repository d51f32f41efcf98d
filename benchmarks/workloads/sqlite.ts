/** Looks I/O-bound: queries a database file, which is on disk but in the page cache. */

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { defineWorkload, WorkloadUnavailableError } from 'boundby'
import type Database from 'libsql'
import { randomUint32s } from '../data/random.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../data/temporary-folder.ts'

const orders = 20_000
const customers = 500

/** What is asked of a database file. */
export interface Question {
  readonly file: string
  readonly customer: number
  /** Cents. */
  readonly minTotal: number
}

/** The answers, in cents and in orders. */
export interface Answer {
  readonly spentByCustomer: number
  readonly ordersAbove: number
}

interface Connection {
  readonly spentByCustomer: Database.Statement
  readonly ordersAbove: Database.Statement
}

/** One connection a worker and file, made by its first query. */
const connections = new Map<string, Connection>()

function openDatabase(file: string): Database.Database {
  try {
    const Libsql = createRequire(import.meta.url)('libsql') as typeof Database
    return new Libsql(file)
  } catch (error) {
    throw new WorkloadUnavailableError('The package `libsql` cannot be loaded; run `npm install libsql`.', {
      cause: error,
    })
  }
}

function connect(file: string): Connection {
  const known = connections.get(file)
  if (known !== undefined) return known
  const database = openDatabase(file)
  const connection = {
    spentByCustomer: database.prepare('SELECT sum(total) AS answer FROM orders WHERE customer = ?'),
    ordersAbove: database.prepare('SELECT count(*) AS answer FROM orders WHERE total >= ?'),
  }
  connections.set(file, connection)
  return connection
}

function ask(statement: Database.Statement, parameter: number): number {
  return (statement.get(parameter) as { answer: number }).answer
}

/** Asks one question that an index answers and one that takes a scan of the table. */
export function query({ file, customer, minTotal }: Question): Answer {
  const { spentByCustomer, ordersAbove } = connect(file)
  return { spentByCustomer: ask(spentByCustomer, customer), ordersAbove: ask(ordersAbove, minTotal) }
}

function fillDatabase(file: string): void {
  const database = openDatabase(file)
  try {
    database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, total INTEGER, note TEXT)')
    const insert = database.prepare('INSERT INTO orders (customer, total, note) VALUES (?, ?, ?)')
    database.exec('BEGIN')
    for (const [index, value] of randomUint32s(orders, 1).entries())
      insert.run(value % customers, value % 9973, `order ${index} of a customer`)
    database.exec('COMMIT')
    database.exec('CREATE INDEX orders_by_customer ON orders (customer)')
  } finally {
    database.close()
  }
}

export default defineWorkload({
  name: 'sqlite',
  summary: 'Asks a database file two questions a task, one with an index and one without',
  source: 'SQLite through libsql, whose calls are synchronous',
  expects: 'io',
  module: import.meta.url,
  task: query,
  sizes: [1, 10, 100, 1000],
  defaultSizes: [],
  inputs: (size, { file }) =>
    Array.from(randomUint32s(size, 2), (value) => ({
      file,
      customer: value % customers,
      minTotal: value % 9973,
    })),
  setup: () =>
    makeTemporaryFolder('sqlite', (folder) => {
      const file = join(folder, 'orders.db')
      fillDatabase(file)
      return { file }
    }),
  teardown: removeTemporaryFolder,
})
