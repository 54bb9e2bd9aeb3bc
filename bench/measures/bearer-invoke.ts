// What a bearer token costs on a warm invoke, against a signature in the same run.
import { rmSync } from 'node:fs'
import { openOidcIssuer } from '../../conformance/oidc-issuer.fixture.ts'
import { atMost, type Figure, ms } from '../figures.ts'
import { atUrl, type Load } from '../load.ts'
import { deploy, newDataDir, startPlatform } from '../platform.ts'
import { benchFile } from '../processes.ts'
import { bearerBytes, signedBytes } from '../signed.ts'

export async function measureBearerInvoke(load: Load): Promise<Figure[]> {
  const issuer = await openOidcIssuer()
  const platform = await startPlatform(newDataDir(), { AGENTWORKS_ALLOW_EGRESS: issuer.host })
  const code = { file: benchFile('agents/echo.mjs'), runtime: 'NODE_22' } as const
  const { arn: signed } = await deploy(platform, { ...code, name: 'signed' })
  const authorizerConfiguration = { customJWTAuthorizer: { discoveryUrl: issuer.discoveryUrl, allowedScopes: ['read'] } }
  const { arn: guarded } = await deploy(platform, { ...code, name: 'guarded', authorizerConfiguration })
  const call = (arn: string) => ({
    method: 'POST' as const,
    path: `/runtimes/${encodeURIComponent(arn)}/invocations`,
    headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': `bearer-${'0'.repeat(33)}`, accept: 'application/json' },
    body: JSON.stringify({ prompt: 'What is the weather in Zürich?', user: 'bench' }),
  })
  try {
    const at = atUrl(platform.url)
    const targets = {
      bearer: { at, request: bearerBytes(platform, await issuer.token(), call(guarded)) },
      sigv4: { at, request: await signedBytes(platform, call(signed)) },
    }
    // One first, alone: what begins with the sessions is no part of this.
    await load(targets, { rounds: 1, connections: 1, ms: 100 })
    const { bearer, sigv4 } = await load(targets, { rounds: 9, connections: 1, ms: 400 })
    const added = bearer.p50Ms - sigv4.p50Ms
    return [
      {
        measure: 'warm invoke with a bearer token, p50 added to a signature, 1 connection',
        ours: ms(bearer.p50Ms),
        baseline: `signed ${ms(sigv4.p50Ms)}`,
        ratio: bearer.p50Ms / sigv4.p50Ms,
        reach: atMost(Math.round(added * 1000) / 1000, 0.3, ' ms'),
      },
    ]
  } finally {
    await platform.stop()
    await issuer.close()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}
