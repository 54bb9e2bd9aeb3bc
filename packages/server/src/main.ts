// The composition root: the only file that sees everything. It builds the parts, ties them, and starts and stops them in order.
import { rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { undiciLink } from '#adapters/agent-link/undici-link.js'
import { fileAgentLogs } from '#adapters/agent-logs/file-agent-logs.js'
import { codePackages } from '#adapters/code-packages/packages.js'
import { openDataFolder } from '#adapters/data-folder/data-folder.js'
import { hostEgress } from '#adapters/egress/host-egress.js'
import { openVpcFile } from '#adapters/egress/vpc-file.js'
import { fileObjects } from '#adapters/files/objects.js'
import { hostInterpreters } from '#adapters/interpreters.js'
import { joseJwts } from '#adapters/jwt/jose-jwts.js'
import { kmsFile } from '#adapters/kms-keys/kms-file.js'
import { oauthClient } from '#adapters/oauth-client/oauth-client.js'
import { outgoingHttp } from '#adapters/outgoing/outgoing.js'
import { runtimeBase, runtimeDirFor } from '#adapters/runtime-dir.js'
import { aesSealer } from '#adapters/sealer/aes.js'
import { rememberingSealer } from '#adapters/sealer/remembering.js'
import { sessionVolumes } from '#adapters/session-storage/volumes.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { fileAudit } from '#adapters/telemetry/file-audit.js'
import { recentTrace } from '#adapters/telemetry/recent-trace.js'
import { stderrLog } from '#adapters/telemetry/stderr-log.js'
import { joseSigner } from '#adapters/token-signer/jose-signer.js'
import { agentworksRoutes } from '#admin/agentworks-routes.js'
import { issuerRoutes } from '#admin/issuer-routes.js'
import { oauth2CallbackRoute } from '#admin/oauth2-callback-route.js'
import { protectedResourceRoute } from '#admin/protected-resource-route.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { IsolationLevel } from '#ports/sandbox.js'
import { artifacts } from '#services/artifacts/index.js'
import { forgetOldTokens } from '#services/idempotency/index.js'
import { issuerKeys, jwtVerifier, openCallers, outboundFederation, stsScope, userTokenVerifier, vaultView } from '#services/identity/index.js'
import { runtime, runtimeLimits } from '#services/runtime/index.js'
import { secretOperations } from '#services/secrets/index.js'
import { tags } from '#services/tags/index.js'
import { topicService } from '#services/topics/index.js'
import { allowedHosts } from '#wire/allowed-hosts.js'
import { bodyBudget } from '#wire/body-budget.js'
import { frontDoor } from '#wire/front.js'
import { wireServer } from '#wire/server.js'
import { signatureVerifier } from '#wire/sigv4.js'
import { fileSpool } from '#wire/spool.js'
import { connectWebSocket } from '#wire/web-socket/connect.js'
import { webSocketDoor } from '#wire/web-socket/door.js'
import { readConfig } from './config.js'
import { containerReport } from './doctor.js'
import { identity } from './identity.js'
import { chooseSandbox } from './isolation.js'
import { openMemory } from './memory.js'
import { modelsFrom } from './models.js'
import { hostContainers, hostSandboxes } from './sandboxes.js'
import { servedProtocols } from './scopes.js'
import { type TlsFacts, type TlsOptions, tls } from './tls.js'
import { openVault } from './vault.js'

export interface StartOptions {
  dataDir: string
  host: string
  /** 0 takes a free one. */
  port: number
  /** A second port that speaks TLS; absent for none. */
  tls?: TlsOptions
  env: Readonly<Record<string, string | undefined>>
}

export interface Platform {
  url: string
  tls: TlsFacts | undefined
  region: string
  accessKey: { accessKeyId: string; secretAccessKey: string }
  adminToken: string
  isolation: IsolationLevel
  /** Why the isolation is weaker than it could be, and what mends it. */
  weakened: { reason: string; fix?: string } | undefined
  modelProvider: { name: string; reason: string }
  /** Takes no more work, lets requests in flight end (10 s at most), stops every sandbox, frees the data folder. */
  stop(): Promise<void>
}

/** What is under way at a stop has this long to end. */
const drainMs = 10_000

export async function startPlatform(options: StartOptions): Promise<Platform> {
  // Whatever is written without a mode of its own is nobody else's to read.
  process.umask(0o077)
  const config = readConfig(options.env)
  const clock = systemClock
  const ids = randomIds
  const log = stderrLog({ clock, level: config.logLevel })
  // What reaches this is a defect; it must be seen, and must not end everybody's sessions.
  const onUnhandled = (fault: unknown) =>
    log.error('unhandled rejection', { error: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) })
  process.on('unhandledRejection', onUnhandled)
  const folder = openDataFolder(options.dataDir, { clock, ids })
  const runtimeDir = runtimeDirFor(runtimeBase(options.env, tmpdir()), folder.rootKey)
  const closing: (() => Promise<void> | void)[] = [
    () => void process.off('unhandledRejection', onUnhandled),
    () => folder.release(),
    () => rmSync(runtimeDir, { recursive: true, force: true }),
  ]
  try {
    const platform = await compose()
    return { ...platform, stop: onceOnly(stop) }
  } catch (fault) {
    await stop()
    throw fault
  }

  async function stop() {
    while (closing.length > 0) await closing.pop()?.()
  }

  async function compose(): Promise<Omit<Platform, 'stop'>> {
    const store = sqliteStore(folder.paths.database)
    closing.push(() => store.close())
    const onAuditFailure = (fault: unknown) =>
      log.error('the audit trail cannot be written', { error: fault instanceof Error ? fault.message : String(fault) })
    const audit = fileAudit(join(folder.paths.logs, 'audit.jsonl'), { clock, onFailure: onAuditFailure })
    closing.push(() => audit.close())
    const agentLogs = fileAgentLogs(folder.paths.logs)
    closing.push(() => agentLogs.close())

    const sealer = aesSealer(folder.rootKey)
    const kmsKeys = kmsFile(config.kmsFile ?? join(folder.dir, 'kms.json'))
    const vault = await openVault({ env: options.env, dataDir: folder.dir, account: config.account, store, clock, ids, log, kmsKeys })
    const callers = await openCallers({ root: folder.accessKey, account: config.account, store, sealer, clock, ids })
    const { keys, authorizer } = callers
    const issuerSigningKeys = issuerKeys({ store, sealer, signer: joseSigner, account: config.account, clock, ids })
    const issuer = () => config.issuerUrl ?? url
    const objects = artifacts({ store, bytes: fileObjects(folder.paths.objects, { ids }), clock, ids })
    const vpcMap = await openVpcFile(config.vpcFile, join(folder.dir, 'vpc.json'))
    const egress = hostEgress({ settings: { ...config.egress, vpcMap }, clock, ids })
    closing.push(() => egress.close())
    const outgoing = outgoingHttp({ allowed: config.allowEgress })
    closing.push(() => outgoing.close())
    const secure = tls({ dir: folder.paths.tls, host: options.host, region: config.region, clock, ids })
    const trust = async () => (await secure.authority()).bundlePath
    const { sandbox, weakened } = await chooseSandbox(config.isolation, hostSandboxes({ runtimeDir, clock, ids, egress, trust }))
    closing.push(() => sandbox.close())
    const containers = hostContainers({ env: options.env, runtimeDir, clock, ids, egress })
    closing.push(() => containers.sandbox.close())
    const left = await Promise.all([sandbox.endOrphans(), containers.sandbox.endOrphans()])
    for (const ended of left.flat()) log.warn('ended what an earlier platform process left running', { instance: ended })

    const onTlsPort = options.tls && (await secure.onPort(options.tls.own))
    const sessionStorage = sessionVolumes({ dir: folder.paths.sessions, bytes: runtimeLimits.storageBytes })
    const verifier = jwtVerifier({ outgoing: outgoing.call, jwts: joseJwts, clock })
    let url = ''
    const agents = runtime({
      store,
      sealer,
      clock,
      ids,
      log,
      authorizer,
      passing: callers.passing,
      resourcePolicies: callers.resourcePolicies,
      accessKeys: keys,
      jwtVerifier: verifier,
      artifacts: objects,
      codePackages: codePackages(folder.paths.code),
      interpreters: hostInterpreters({ path: options.env.PATH ?? '', homeDir: options.env.HOME ?? homedir(), nodePath: process.execPath }),
      sandbox,
      vpcMap,
      sessionStorage,
      containers,
      agentLogs,
      agentLink: undiciLink,
      connectWebSocket,
      openSessionListener: (path, instanceId) => server.listenOnSocket(path, { kind: 'session', instanceId }, secure.inside),
      platformUrl: () => url,
      config: { ...config, pingEveryMs: runtimeLimits.pingEveryMs, platformId: ids.uuid() },
    })
    const identities = identity({
      store,
      clock,
      ids,
      authorizer,
      sealer: rememberingSealer(sealer),
      vaultSealer: vault.sealer,
      customerKeys: vault.customerKeys,
      kmsKeys,
      // Browsers come back to where others know the platform.
      platformUrl: issuer,
      oauth: oauthClient({ outgoing: outgoing.call, clock }),
      keys: issuerSigningKeys,
      issuer,
      verifyUserToken: userTokenVerifier({ jwts: joseJwts, verifier }),
    })
    const secrets = secretOperations({ store, clock, ids, vaultSealer: vault.sealer })
    const models = modelsFrom(options.env)
    const topics = topicService({ store, outgoing: outgoing.call, clock, ids })
    const { passing } = callers
    const memories = openMemory({ store, clock, ids, authorizer, passing, log, quotas: config.memoryQuotas, models, buckets: objects, topics })

    const knownAs = config.issuerUrl === undefined ? [] : [new URL(config.issuerUrl).hostname]
    const hosts = allowedHosts([...config.allowedHosts, options.host, ...knownAs, ...(onTlsPort?.names ?? [])])
    const draining = new AbortController()
    const pipelinePorts = {
      protocols: servedProtocols({
        agentCore: {
          ...agents.operations,
          ...identities.operations,
          ...memories.operations,
          ...tags({ store, owners: [agents.taggable, ...identities.taggable, memories.taggable] }),
          ...callers.resourcePolicies.operations([agents.governed]),
        },
        refusals: {
          InvokeAgentRuntime: (error, { scope, labels, query, bytes }) =>
            agents.refusalOf(error, {
              scope,
              agentRuntimeArn: labels.agentRuntimeArn ?? '',
              qualifier: query.get('qualifier') ?? undefined,
              payload: bytes,
            }),
        },
        bedrock: models.operations,
        sts: stsScope({ callers, issuerKeys: issuerSigningKeys, issuer, clock, ids }),
        secrets,
        sns: topics,
        iam: { ...callers.iam, operations: { ...callers.iam.operations, ...outboundFederation({ issuer }) } },
        buckets: objects,
        authorizer,
        log,
      }),
      signatures: signatureVerifier({ keys, clock }),
      bearers: agents.bearers,
      spool: fileSpool({ dir: folder.paths.spool, ids }),
      budget: bodyBudget(),
      authorizer,
      trace: recentTrace({ clock }),
      audit,
      log,
      clock,
      allowedHosts: hosts,
    }
    const answer = frontDoor(
      pipelinePorts,
      [
        protectedResourceRoute({ protectedResource: agents.protectedResource, allowedHosts: hosts }),
        oauth2CallbackRoute({ callback: identities.callback, allowedHosts: hosts, audit, clock }),
        ...issuerRoutes({ keys: issuerSigningKeys, issuer, allowedHosts: hosts }),
        ...agentworksRoutes({
          adminToken: folder.adminToken,
          accessKeys: keys,
          agentLogs,
          allowedHosts: hosts,
          sessions: agents.sessions,
          instances: agents.instancesOf,
          guarantees: async () => [...(await sandbox.probe()), ...(sandbox.takesStorage ? await sessionStorage.probe() : [])],
          containers: () => containerReport(containers),
          images: { publish: (source, name) => agents.images.publish(config, source, name), find: agents.images.find },
          about: () => ({ url, isolation: sandbox.level, weakened, modelProvider: models.provider }),
          unknownActionsOf: callers.unknownActionsOf,
          interpreterOf: agents.interpreterOf,
          audit,
          clock,
          principalArn: `arn:aws:iam::${config.account}:root`,
          issuer: { keys: issuerSigningKeys, url: issuer },
          tokens: { inspect: verifier.inspect, explain: agents.explainToken },
          vault: { ...vault.masterKey, entries: (limit) => vaultView(store, limit) },
          memories: {
            explain: (memoryId, question) => memories.explain(config, memoryId, question),
            extractionState: (memoryId, filter) => memories.extractionState(config, memoryId, filter),
          },
        }),
      ],
      draining.signal,
    )
    const server = wireServer(answer, {
      upgrades: webSocketDoor(pipelinePorts, agents.webSockets),
      refused: (closed, why) => log.warn('connections closed', { closed, why }),
    })

    await objects.sweepOrphans()
    await forgetOldTokens(store, clock)
    closing.push(secrets.keepSwept())
    await agents.recover()
    closing.push(await identities.keepSwept((fault) => log.error('the token vault could not be swept', { error: String(fault) })))
    closing.push(await memories.recover())
    const authority = (port: number) => `${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`
    const { port, listener } = await server.listenOnPort(options.host, options.port)
    url = `http://${authority(port)}`
    const listeners = [listener]
    closing.push(async () => {
      for (const one of listeners) await one.close()
      await server.drain(drainMs)
      draining.abort(new Error('the platform stops'))
      await agents.stop()
    })
    let tlsFacts: TlsFacts | undefined
    if (options.tls && onTlsPort) {
      const second = await server.listenOnPort(options.host, options.tls.port, onTlsPort.certificates)
      listeners.push(second.listener)
      tlsFacts = onTlsPort.facts(`https://${authority(second.port)}`)
    }
    folder.announce({ url, region: config.region, tls: tlsFacts })
    void sandbox.warm().then(() => agents.openPool())
    return {
      url,
      tls: tlsFacts,
      region: config.region,
      accessKey: folder.accessKey,
      adminToken: folder.adminToken,
      isolation: sandbox.level,
      weakened,
      modelProvider: models.provider,
    }
  }
}

function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= work())
}
