// Identity on real parts: SQLite on a throw-away file, the envelope sealer, and the whole pipeline on a port for stock clients.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bedrockAgentCore } from '@agentworks/model'
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
import { aesSealer } from '#adapters/sealer/aes.js'
import { envelopeSealer } from '#adapters/sealer/envelope.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { systemClock } from '#kernel/clock.js'
import { invalid } from '#kernel/errors.js'
import { randomIds } from '#kernel/ids.js'
import { tags } from '#services/tags/index.js'
import { restJson } from '#wire/rest-json/index.js'
import { signedServer } from '#wire/signed-server.fixture.js'
import { identity } from './identity.js'

export async function openIdentity() {
  const dir = mkdtempSync(join(tmpdir(), 'aw-identity-'))
  const databasePath = join(dir, 'database')
  const store = sqliteStore(databasePath)
  const sealer = aesSealer(Buffer.alloc(32, 1))
  const vaultSealer = envelopeSealer(Buffer.alloc(32, 2))
  const asked: [action: string, resource: string][] = []
  const refused = new Set<string>()
  const authorizer = {
    authorize(_caller: unknown, action: string, resource: string) {
      asked.push([action, resource])
      if (refused.has(action)) throw invalid('caller', `may not ${action}`)
    },
  }
  const world = {
    store,
    clock: systemClock,
    ids: randomIds,
    authorizer,
    sealer,
    vaultSealer,
    platformUrl: () => 'http://127.0.0.1:4680',
    verifyUserToken: async () => ({ issuer: 'https://idp.example', subject: 'jane' }),
  }
  const { operations, taggable } = identity(world)
  const protocol = restJson(bedrockAgentCore, { ...operations, ...tags({ store, owners: taggable }) })
  const server = await signedServer({ of: () => protocol, fallback: protocol }, { authorizer })
  const options = { ...server.client, maxAttempts: 1 }
  return {
    world,
    databasePath,
    asked,
    refused,
    defects: server.defects,
    control: new BedrockAgentCoreControlClient(options),
    data: new BedrockAgentCoreClient(options),
    async close() {
      await server[Symbol.asyncDispose]()
      await store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
