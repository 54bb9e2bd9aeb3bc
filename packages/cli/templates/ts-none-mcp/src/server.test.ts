import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { expect, test } from 'vitest'
import { newServer } from './server.js'

test('adds', async () => {
  const [near, far] = InMemoryTransport.createLinkedPair()
  await newServer().connect(far)
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(near)
  expect(await client.callTool({ name: 'add', arguments: { a: 2, b: 40 } })).toMatchObject({ content: [{ text: '42' }] })
  await client.close()
})
