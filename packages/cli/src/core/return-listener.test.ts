import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { returnListener } from './return-listener.js'

async function freeUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}/return`
}

it('hears of its own sign-in, and of no other that a page could send here', async () => {
  const listener = await returnListener(['https://app.example.com/return', await freeUrl()])
  const visited = listener.visited('urn:mine', new AbortController().signal)
  const visit = async (query: string) => (await fetch(`${listener.url}${query}`)).status
  expect(await visit('?session_id=urn:theirs')).toBe(400)
  expect(await visit('')).toBe(400)
  expect(await visit('/elsewhere?session_id=urn:mine')).toBe(404)
  expect(await visit('?session_id=urn:mine&error=access_denied')).toBe(200)
  expect((await visited).searchParams.get('error')).toBe('access_denied')
  await listener.close()
})

it('ends with the command, and says what is missing where no address is of this machine', async () => {
  const listener = await returnListener([await freeUrl()])
  const stop = new AbortController()
  const visited = listener.visited('urn:mine', stop.signal)
  stop.abort()
  await expect(visited).rejects.toThrow('nobody came back')
  await listener.close()
  await expect(returnListener(['https://app.example.com/return'])).rejects.toMatchObject({ fix: expect.stringContaining('identity provider setup') })
})
