// The page that a sign-in ends on: any page in the browser can send something here.
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { returnListener } from './return-listener.js'

it('ends with the session that it waits for, and with nothing else that is sent to it', async () => {
  const port = await freePort()
  const listener = await returnListener([`http://127.0.0.1:${port}/return`])
  const visited = listener.visited('urn:mine', new AbortController().signal)
  const status = (path: string) =>
    new Promise((resolve, reject) => get({ host: '127.0.0.1', port, path }, (answer) => resolve(answer.resume().statusCode)).on('error', reject))
  for (const path of ['//', '/', 'http://[', '/other?session_id=urn:mine']) expect(await status(path), path).toBe(404)
  expect(await status('/return?session_id=urn:theirs')).toBe(400)
  expect(await status('/return?session_id=urn:mine&state=x')).toBe(200)
  expect((await visited).searchParams.get('state')).toBe('x')
  await listener.close()
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
