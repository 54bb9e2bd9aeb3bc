// Baseline: SQLite and a bare node:http server, and nothing between. `/insert?ms=N` inserts single rows durably for so long and tells
// how many a second; `/last` answers the last hundred rows of a session, `/one` a row by its number.
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'

const [path = '', payload = '', rows = '1000'] = process.argv.slice(2)
const database = new DatabaseSync(path)
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
database.exec('CREATE TABLE events (id INTEGER PRIMARY KEY, session TEXT, at INTEGER, payload TEXT)')
database.exec('CREATE INDEX by_session ON events (session, at)')
const insert = database.prepare('INSERT INTO events (session, at, payload) VALUES (?, ?, ?)')
database.exec('BEGIN')
for (let n = 0; n < Number(rows); n += 1) insert.run('session', n, payload)
database.exec('COMMIT')
const last = database.prepare('SELECT id, session, at, payload FROM events WHERE session = ? ORDER BY at DESC LIMIT 100')
const one = database.prepare('SELECT id, session, at, payload FROM events WHERE id = ?')

const answers = {
  '/insert': ({ searchParams }) => {
    const from = performance.now()
    const until = from + Number(searchParams.get('ms'))
    let count = 0
    for (; performance.now() < until; count += 1) insert.run('inserted', count, payload)
    return { perSecond: (count * 1000) / (performance.now() - from) }
  },
  '/last': () => ({ events: last.all('session') }),
  '/one': () => ({ event: one.get(500) }),
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const body = JSON.stringify(answers[url.pathname]?.(url))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address !== 'string') console.log(`ready on http://127.0.0.1:${address.port}`)
})
