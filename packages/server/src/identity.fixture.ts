// Identity on real parts: SQLite on a throw-away file, the envelope sealer, and the whole pipeline on a port for stock clients.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bedrockAgentCore } from '@agentworks/model'
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
import { expect } from 'vitest'
import { kmsFile } from '#adapters/kms-keys/kms-file.js'
import { oauthClient } from '#adapters/oauth-client/oauth-client.js'
import { parseAllowed } from '#adapters/outgoing/allowed.js'
import { outgoingHttp } from '#adapters/outgoing/outgoing.js'
import { aesSealer } from '#adapters/sealer/aes.js'
import { envelopeSealer } from '#adapters/sealer/envelope.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { joseSigner } from '#adapters/token-signer/jose-signer.js'
import { oauth2CallbackRoute } from '#admin/oauth2-callback-route.js'
import { type Clock, systemClock } from '#kernel/clock.js'
import { invalid } from '#kernel/errors.js'
import { randomIds } from '#kernel/ids.js'
import type { AuditEvent } from '#ports/telemetry.js'
import { issuerKeys } from '#services/identity/index.js'
import { tags } from '#services/tags/index.js'
import { customerKeys } from '#services/vault/index.js'
import { restJson } from '#wire/rest-json/index.js'
import { signedServer } from '#wire/signed-server.fixture.js'
import { identity } from './identity.js'

interface IdentityOptions {
  clock?: Clock
  /** Places that the platform may call, as `--allow-egress` takes them. */
  allowEgress?: readonly string[]
  /** How long an authorization server has to answer. */
  answerMs?: number
  /** Of an earlier one, to go on with it as after a restart. */
  dir?: string
}

export async function openIdentity({ clock = systemClock, allowEgress = [], answerMs, dir: earlier }: IdentityOptions = {}) {
  const dir = earlier ?? mkdtempSync(join(tmpdir(), 'aw-identity-'))
  const databasePath = join(dir, 'database')
  const store = sqliteStore(databasePath)
  const sealer = aesSealer(Buffer.alloc(32, 1))
  const kmsKeys = kmsFile(join(dir, 'kms.json'))
  const vaultSealer = envelopeSealer(Buffer.alloc(32, 2), [], kmsKeys)
  const asked: [action: string, resource: string][] = []
  const refused = new Set<string>()
  const audited: AuditEvent[] = []
  const authorizer = {
    authorize(_caller: unknown, action: string, resource: string) {
      asked.push([action, resource])
      if (refused.has(action)) throw invalid('caller', `may not ${action}`)
    },
  }
  const outgoing = outgoingHttp({ allowed: allowEgress.flatMap((rule) => parseAllowed(rule) ?? []) })
  let url = 'http://127.0.0.1:4680'
  const world = {
    store,
    clock,
    ids: randomIds,
    authorizer,
    sealer,
    vaultSealer,
    customerKeys: customerKeys({ store, sealer: vaultSealer, log: { info: () => undefined, error: () => undefined } }),
    kmsKeys,
    platformUrl: () => url,
    oauth: oauthClient({ outgoing: (call) => outgoing.call({ withinMs: answerMs, ...call }), clock }),
    keys: issuerKeys({ store, sealer, signer: joseSigner, account: '000000000000', clock, ids: randomIds }),
    issuer: () => url,
    verifyUserToken: async () => ({ issuer: 'https://idp.example', subject: 'jane' }),
  }
  const { operations, taggable, callback, keepSwept } = identity(world)
  const endSweep = await keepSwept((fault) => expect.unreachable(String(fault)))
  const protocol = restJson(bedrockAgentCore, { ...operations, ...tags({ store, owners: taggable }) })
  const server = await signedServer(
    { of: () => protocol, fallback: protocol },
    {
      authorizer,
      unsigned: [
        oauth2CallbackRoute({
          callback,
          clock,
          audit: { record: (event) => void audited.push(event) },
          allowedHosts: (host) => host.startsWith('127.0.0.1:'),
        }),
      ],
    },
  )
  url = server.url
  const options = { ...server.client, maxAttempts: 1 }
  return {
    world,
    databasePath,
    kmsPath: join(dir, 'kms.json'),
    asked,
    refused,
    /** At the callback. */
    audited,
    defects: server.defects,
    control: new BedrockAgentCoreControlClient(options),
    data: new BedrockAgentCoreClient(options),
    dir,
    url,
    async close({ keep = false } = {}) {
      await server[Symbol.asyncDispose]()
      await outgoing.close()
      await endSweep()
      await store.close()
      if (!keep) rmSync(dir, { recursive: true, force: true })
    },
  }
}
