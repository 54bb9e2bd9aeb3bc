// Calls to listeners on loopback, which are refused unless the operator opens them.
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Allowed, parseAllowed } from './allowed.js'
import { asFetch } from './as-fetch.js'
import { outgoingHttp } from './outgoing.js'

const closing: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

function rules(...texts: string[]): Allowed[] {
  return texts.map((text) => parseAllowed(text) ?? expect.fail(`${text} is a rule`))
}

function caller(allowed: string[], resolve?: (host: string) => Promise<{ address: string; family: number }[]>) {
  const { call, close } = outgoingHttp({ allowed: rules(...allowed), resolve })
  closing.push(close)
  return call
}

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const toLoopback = async () => [{ address: '127.0.0.1', family: 4 }]
const refusal = (code: string) => expect.objectContaining({ name: 'PortError', port: 'outgoing', code })

test('loopback answers when its address and port are allowed, and is refused otherwise', async () => {
  const place = await listening((request, response) => response.end(`${request.method} ${request.url}`))
  const answer = await caller([place])({ method: 'GET', url: `http://${place}/a?b=c` })
  expect({ status: answer.status, body: answer.body.toString() }).toEqual({ status: 200, body: 'GET /a?b=c' })
  const other = caller(['127.0.0.1:1'])
  await expect(other({ method: 'GET', url: `http://${place}/` })).rejects.toEqual(refusal('refused'))
  await expect(other({ method: 'GET', url: `http://${place}/secret?code=1` })).rejects.toThrow(
    `127.0.0.1 is an address of this host, of a private network or of a metadata service; who runs the platform can open it with start --allow-egress ${place}`,
  )
})

test.each([
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://169.254.169.254/latest/meta-data',
  'https://10.1.2.3/',
  'https://192.168.0.1/',
  'https://[fd00:ec2::254]/',
  'https://[64:ff9b::7f00:1]/',
  'https://0.0.0.0/',
])('%s is refused in whatever spelling', async (url) => {
  await expect(caller([])({ method: 'GET', url })).rejects.toEqual(refusal('refused'))
})

test('a name that resolves to a closed address is refused when the connection is made', async () => {
  await expect(caller([])({ method: 'GET', url: 'https://localhost/' })).rejects.toEqual(refusal('refused'))
  const metadata = caller([], async () => [{ address: '169.254.169.254', family: 4 }])
  await expect(metadata({ method: 'GET', url: 'https://rebound.example/' })).rejects.toThrow('rebound.example leads to 169.254.169.254')
})

test('a name is opened by its own name or by the range that it leads to', async () => {
  const place = await listening((_request, response) => response.end('here'))
  const port = place.split(':')[1]
  for (const rule of [`inside.example:${port}`, 'INSIDE.example', '127.0.0.0/8', place])
    expect((await caller([rule], toLoopback)({ method: 'GET', url: `http://inside.example:${port}/` })).status).toBe(200)
  await expect(caller(['other.example'], toLoopback)({ method: 'GET', url: `http://inside.example:${port}/` })).rejects.toEqual(refusal('refused'))
})

test('plain http to an open address is refused: only what the operator names may be without TLS', async () => {
  const open = caller([], async () => [{ address: '93.184.215.14', family: 4 }])
  await expect(open({ method: 'GET', url: 'http://open.example/' })).rejects.toThrow(
    'the address is http, and the platform calls others by https alone',
  )
})

test('a redirect is checked like a first address', async () => {
  const inner = await listening((_request, response) => response.end('inner'))
  const outer = await listening((_request, response) => response.writeHead(302, { location: `http://${inner}/` }).end())
  expect((await caller([inner, outer])({ method: 'GET', url: `http://${outer}/` })).body.toString()).toBe('inner')
  await expect(caller([outer])({ method: 'GET', url: `http://${outer}/` })).rejects.toEqual(refusal('refused'))
})

test('what authorizes at one server does not go on to another', async () => {
  const inner = await listening((request, response) => response.end(`${request.headers.authorization} ${request.headers['x-kept']}`))
  const outer = await listening((request, response) =>
    response.writeHead(302, { location: request.url === '/' ? '/again' : `http://${inner}/` }).end(),
  )
  const headers = { Authorization: 'Basic secret', 'x-kept': 'kept' }
  const answer = await caller([inner, outer])({ method: 'GET', url: `http://${outer}/`, headers })
  expect(answer.body.toString()).toBe('undefined kept')
})

test('redirects end: at the fourth, at another scheme, and at once for a POST', async () => {
  const round = await listening((request, response) =>
    response.writeHead(302, { location: request.url === '/file' ? 'file:///etc/passwd' : '/again' }).end(),
  )
  const call = caller([round])
  await expect(call({ method: 'GET', url: `http://${round}/` })).rejects.toEqual(refusal('redirects'))
  await expect(call({ method: 'GET', url: `http://${round}/file` })).rejects.toEqual(refusal('bad-url'))
  expect((await call({ method: 'POST', url: `http://${round}/`, body: 'client_secret=1' })).status).toBe(302)
})

test('an answer that never comes, or drips, ends at the time given', async () => {
  const sockets = new Set<Socket>()
  const server = createRawServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.once('data', (head) => {
      if (!head.includes('GET /drip')) return
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n')
      const drip = setInterval(() => socket.write('.'), 20)
      socket.once('close', () => clearInterval(drip))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const call = caller([place])
  for (const path of ['/never', '/drip'])
    await expect(call({ method: 'GET', url: `http://${place}${path}`, withinMs: 300 })).rejects.toThrow(`http://${place} did not answer within 0.3 s`)
})

test('a resolver that hangs holds nobody beyond the time given', async () => {
  const hung = caller([], () => new Promise(() => undefined))
  await expect(hung({ method: 'GET', url: 'https://slow.example/', withinMs: 100 })).rejects.toEqual(refusal('silent'))
})

test('an answer above its size ends there', async () => {
  const place = await listening((_request, response) => {
    response.on('error', () => undefined)
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      if (!response.destroyed) response.once('drain', pour)
    }
    pour()
  })
  await expect(caller([place])({ method: 'GET', url: `http://${place}/`, maxBytes: 100_000 })).rejects.toEqual(refusal('too-large'))
})

test('who hangs up is told as unreachable, and a bad address by name', async () => {
  const place = await listening((request) => request.socket.destroy())
  const call = caller([place, '127.0.0.1:1'])
  await expect(call({ method: 'GET', url: `http://${place}/` })).rejects.toEqual(refusal('unreachable'))
  await expect(call({ method: 'GET', url: 'http://127.0.0.1:1/' })).rejects.toEqual(refusal('unreachable'))
  await expect(call({ method: 'GET', url: 'ftp://example.com/' })).rejects.toEqual(refusal('bad-url'))
  await expect(call({ method: 'GET', url: 'https://user:word@example.com/' })).rejects.toEqual(refusal('bad-url'))
  await expect(call({ method: 'GET', url: `http://${place}/`, headers: { bad: 'line\nbreak' } })).rejects.toEqual(refusal('unreachable'))
})

test('a proxy in the environment is not used', async () => {
  const place = await listening((_request, response) => response.end('direct'))
  process.env.http_proxy = 'http://127.0.0.1:1'
  onTestFinished(() => void delete process.env.http_proxy)
  expect((await caller([place])({ method: 'GET', url: `http://${place}/` })).body.toString()).toBe('direct')
})

test('as fetch it posts forms and reads JSON', async () => {
  const place = await listening((request, response) => request.pipe(response.writeHead(201, { 'content-type': 'application/json' })))
  const fetched = await asFetch(caller([place]))(`http://${place}/`, { method: 'POST', body: new URLSearchParams({ a: '1 2' }) })
  expect({ status: fetched.status, body: await fetched.text() }).toEqual({ status: 201, body: 'a=1+2' })
})

test.each(['', 'a b', 'http://x', 'x:0', 'x:70000', '10.0.0.0/33', '10.0.0', '[::1', '*.example.com'])('%j is no rule', (text) => {
  expect(parseAllowed(text)).toBeUndefined()
})
