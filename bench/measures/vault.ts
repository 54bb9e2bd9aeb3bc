// The vault: a secret among 100,000 against one among 100.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { atMost, type Figure, perSecond } from '../figures.ts'
import { atUrl, type Load } from '../load.ts'
import { newDataDir, type Platform, region, startPlatform } from '../platform.ts'
import { type Call, signedBytes } from '../signed.ts'

const rounds = { rounds: 5, connections: 32, ms: 1200, awake: true }
const [few, many] = [100, 100_000]

export async function measureVault(load: Load): Promise<Figure[]> {
  const small = await filled(few)
  const large = await filled(many)
  try {
    const compare = async (measure: string, call: Call): Promise<Figure> => {
      const { large: ours, small: baseline } = await load({ small: await target(small, call), large: await target(large, call) }, rounds)
      const ratio = baseline.perSecond / ours.perSecond
      return { measure, ours: perSecond(ours.perSecond), baseline: `of ${few} ${perSecond(baseline.perSecond)}`, ratio, reach: atMost(ratio, 1.3) }
    }
    return [
      await compare(
        `GetSecretValue of one of ${many.toLocaleString('en')}, 32 connections, time of one`,
        secretsCall('GetSecretValue', { SecretId: 'bench/50' }),
      ),
      await compare(`ListSecrets, a page of ${many.toLocaleString('en')}, time of one`, secretsCall('ListSecrets', { MaxResults: 20 })),
    ]
  } finally {
    await Promise.all([small.stop(), large.stop()])
    for (const { dataDir } of [small, large]) rmSync(dataDir, { recursive: true, force: true })
  }
}

const target = async (platform: Platform, call: Call) => ({ at: atUrl(platform.url), request: await signedBytes(platform, call) })

const secretsCall = (operation: string, input: object): Call => ({
  method: 'POST',
  path: '/',
  service: 'secretsmanager',
  headers: { 'x-amz-target': `secretsmanager.${operation}` },
  body: JSON.stringify(input),
})

/** The first hundred by the stock client; the rest are copies of these rows, which nobody reads, for the table to be as large. */
async function filled(count: number): Promise<Platform> {
  const dataDir = newDataDir()
  const first = await startPlatform(dataDir)
  const secrets = new SecretsManagerClient({ endpoint: first.url.href, region, credentials: first.credentials })
  for (let n = 0; n < few; n += 1) await secrets.send(new CreateSecretCommand({ Name: `bench/${n}`, SecretString: `{"password":"${n}"}` }))
  await first.stop()
  const database = new DatabaseSync(join(dataDir, 'agentworks.db'))
  database.exec(`
    WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ${count / few - 1})
    INSERT INTO documents SELECT collection, account, region, CASE collection WHEN 'secrets' THEN 'copy' || n || '/' || id ELSE id || '/copy' || n END, document
    FROM documents, copies WHERE ${count > few ? '' : '0 AND'} collection IN ('secrets', 'vault-entries')`)
  database.close()
  return startPlatform(dataDir)
}
