// What it costs to hand out a secret: a sealed token read, an entry of the vault opened. Against an operation of the same platform that
// reads the same provider and opens nothing.
import { rmSync } from 'node:fs'
import { atLeast, type Figure, perSecond } from '../figures.ts'
import { atUrl, type Load } from '../load.ts'
import { newDataDir, type Platform, startPlatform } from '../platform.ts'
import { type Call, signedBytes, signedHead } from '../signed.ts'

const rounds = { rounds: 5, connections: 32, ms: 1200, awake: true }

const call = (path: string, body: object): Call => ({ method: 'POST', path, body: JSON.stringify(body) })

export async function measureResourceKeys(load: Load): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  try {
    await asked(platform, call('/identities/CreateWorkloadIdentity', { name: 'bench' }))
    await asked(platform, call('/identities/CreateApiKeyCredentialProvider', { name: 'bench', apiKey: 'k'.repeat(40) }))
    const { workloadAccessToken } = await asked(platform, call('/identities/GetWorkloadAccessToken', { workloadName: 'bench' }))
    const key = call('/identities/api-key', { workloadIdentityToken: workloadAccessToken, resourceCredentialProviderName: 'bench' })
    const get = call('/identities/GetApiKeyCredentialProvider', { name: 'bench' })
    await asked(platform, key)
    const at = atUrl(platform.url)
    const found = await load(
      { key: { at, request: await signedBytes(platform, key) }, get: { at, request: await signedBytes(platform, get) } },
      rounds,
    )
    const ratio = found.key.perSecond / found.get.perSecond
    return [
      {
        measure: 'GetResourceApiKey, 32 connections',
        ours: perSecond(found.key.perSecond),
        baseline: `GetApiKeyCredentialProvider ${perSecond(found.get.perSecond)}`,
        ratio,
        reach: atLeast(ratio, 0.5),
      },
    ]
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

async function asked(platform: Platform, one: Call): Promise<Record<string, string>> {
  const { headers, url } = await signedHead(platform, one)
  const answer = await fetch(url, { method: one.method, headers, body: one.body })
  if (!answer.ok) throw new Error(`${one.path} was answered with ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Record<string, string>
}
