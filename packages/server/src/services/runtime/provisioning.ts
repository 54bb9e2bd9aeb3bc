// What happens after a create, update or delete was acknowledged. Safe to run twice: a start takes up what a kill cut off.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PortError } from '#kernel/errors.js'
import { move } from '#kernel/moves.js'
import type { Scope } from '#kernel/scope.js'
import { removeWorkloadIdentity } from '#services/identity/index.js'
import { removeTags } from '#services/tags/index.js'
import { type ContainerImage, isImage, type PackagedCode } from './artifact.js'
import {
  childrenOf,
  defaultEndpoint,
  type EndpointDocument,
  endpointArn,
  endpointId,
  endpoints,
  runtimeArn,
  runtimeNames,
  runtimes,
  type VersionDocument,
  versionId,
  versions,
} from './documents.js'
import { instrumentationMissing, programOf } from './instrumentation.js'
import { packedCodeBytes, unpackedCodeBytes } from './limits.js'
import { imageToRun } from './local-images.js'
import type { RuntimePorts, RuntimeWorld } from './ports.js'
import { endpointMoves, versionMoves } from './states.js'

export interface Provisioning {
  begin(scope: Scope, agentRuntimeId: string, version: number): void
  beginDeletion(scope: Scope, agentRuntimeId: string): void
  /** Removes unpacked code that no version needs any more. */
  releaseCode(sha256: string | undefined): Promise<void>
  /** Takes up everything that an earlier process left unfinished. */
  resume(): Promise<void>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

/** A reason that the customer can act on; becomes failureReason. */
class CannotProvision extends Error {}

export function provisioning(world: RuntimeWorld, { sessions, volumes, pool }: Pick<RuntimePorts, 'sessions' | 'volumes' | 'pool'>): Provisioning {
  const { store, clock, log, artifacts, codePackages, interpreters, containers, resourcePolicies } = world
  const underWay = new Set<Promise<void>>()

  function run(what: string, facts: Record<string, string | number>, work: () => Promise<void>) {
    const job = work().catch((fault: unknown) =>
      log.error(`${what} failed`, { ...facts, error: fault instanceof Error ? fault.message : String(fault) }),
    )
    underWay.add(job)
    void job.finally(() => underWay.delete(job))
  }

  async function provision(scope: Scope, agentRuntimeId: string, number: number) {
    const id = versionId(agentRuntimeId, number)
    const version = await store.get(versions, scope, id)
    if (!version || (version.status !== 'CREATING' && version.status !== 'UPDATING')) return
    const failureReason = await provide(scope, id, version.code).catch((fault: unknown) => reasonOf(fault, agentRuntimeId))
    await settle(scope, agentRuntimeId, number, failureReason)
    pool.review(scope, agentRuntimeId)
    log.info('version provisioned', { agentRuntimeId, version: number, ok: failureReason === undefined })
  }

  /** Whatever went wrong, the version must not stay CREATING for ever. */
  function reasonOf(fault: unknown, agentRuntimeId: string): string {
    if (fault instanceof CannotProvision) return fault.message
    if (fault instanceof PortError && (fault.port === 'code' || fault.port === 'images')) return fault.message
    log.error('provisioning failed', { agentRuntimeId, error: fault instanceof Error ? fault.message : String(fault) })
    return 'The artifact could not be made ready on this host. The log of the platform says why; update the runtime to try again.'
  }

  /** Returns nothing when the code is in place; throws CannotProvision, or the PortError of code or images, when it cannot be. */
  function provide(scope: Scope, id: string, code: VersionDocument['code']): Promise<undefined> {
    return isImage(code) ? pin(scope, id, code) : unpack(scope, id, code)
  }

  /** From here on the version means this image, whatever its name is moved to. */
  async function pin(scope: Scope, id: string, { containerUri }: ContainerImage): Promise<undefined> {
    const found = await imageToRun(containers.images, containerUri)
    if ('failure' in found) throw new CannotProvision(found.failure)
    await store.transaction(async (tx) => {
      const current = await tx.get(versions, scope, id)
      if (current) await tx.put(versions, scope, id, { ...current, code: { containerUri, imageId: found.image.id } })
    })
  }

  async function unpack(scope: Scope, id: string, code: PackagedCode): Promise<undefined> {
    const artifact = await artifacts.locate(scope, code.bucket, code.key)
    if (!artifact) throw new CannotProvision(`The object s3://${code.bucket}/${code.key} is gone. Upload it again and update the runtime.`)
    if (artifact.size > packedCodeBytes)
      throw new CannotProvision(
        `The package has ${artifact.size} bytes packed; the limit is ${packedCodeBytes}. Leave out what the agent does not need.`,
      )
    const interpreter = await interpreters.find(code.runtime)
    if (!interpreter)
      throw new CannotProvision(`This host has no interpreter for ${code.runtime}. \`agentworks doctor\` names the command that installs one.`)
    await store.transaction(async (tx) => {
      const current = await tx.get(versions, scope, id)
      if (current) await tx.put(versions, scope, id, { ...current, codeSha256: artifact.sha256 })
    })
    const { dir } = await codePackages.unpack(artifact.path, artifact.sha256, { unpackedBytes: unpackedCodeBytes })
    // Deleted meanwhile: whoever deleted it could not remove what was not unpacked yet.
    if (!(await store.get(versions, scope, id))) return releaseCode(artifact.sha256).then(() => undefined)
    await mustHaveEntryPoint(dir, programOf(code.entryPoint)[0] ?? '')
    const missing = await instrumentationMissing(dir, code.entryPoint)
    if (missing) throw new CannotProvision(missing)
    return undefined
  }

  async function settle(scope: Scope, agentRuntimeId: string, number: number, failureReason: string | undefined) {
    await store.transaction(async (tx) => {
      const id = versionId(agentRuntimeId, number)
      const version = await tx.get(versions, scope, id)
      if (!version || (version.status !== 'CREATING' && version.status !== 'UPDATING')) return
      const failed = version.status === 'CREATING' ? 'CREATE_FAILED' : 'UPDATE_FAILED'
      const status = move(versionMoves, id, version.status, failureReason === undefined ? 'READY' : failed)
      await tx.put(versions, scope, id, { ...version, status, failureReason, lastUpdatedAt: clock.now() })
      const endpoint = await tx.get(endpoints, scope, endpointId(agentRuntimeId, defaultEndpoint))
      if (endpoint) await tx.put(endpoints, scope, endpointId(agentRuntimeId, defaultEndpoint), followed(endpoint, number, failureReason))
    })
  }

  /** DEFAULT goes to the newest version that is ready, and stays where it is when the newest is not. */
  function followed(endpoint: EndpointDocument, version: number, failureReason: string | undefined): EndpointDocument {
    if (failureReason === undefined) {
      const status = move(endpointMoves, defaultEndpoint, endpoint.status, 'READY')
      return { ...endpoint, status, liveVersion: version, targetVersion: version, failureReason: undefined, lastUpdatedAt: clock.now() }
    }
    if (endpoint.liveVersion !== undefined) return endpoint
    return { ...endpoint, status: move(endpointMoves, defaultEndpoint, endpoint.status, 'CREATE_FAILED'), targetVersion: version, failureReason }
  }

  async function remove(scope: Scope, agentRuntimeId: string) {
    await sessions.stopAll(agentRuntimeId, 'agent runtime deleted')
    const released = await store.transaction(async (tx) => {
      const runtime = await tx.get(runtimes, scope, agentRuntimeId)
      if (!runtime) return { packages: [], arns: [] }
      const arns = [runtimeArn(scope, agentRuntimeId)]
      const owned = await tx.list(versions, scope, { prefix: childrenOf(agentRuntimeId) })
      for (const row of owned) await tx.delete(versions, scope, row.id)
      for (const row of await tx.list(endpoints, scope, { prefix: childrenOf(agentRuntimeId) })) {
        await tx.delete(endpoints, scope, row.id)
        arns.push(endpointArn(scope, agentRuntimeId, row.document.name))
      }
      for (const arn of arns) {
        await removeTags(tx, scope, arn)
        await resourcePolicies.remove(tx, scope, arn)
      }
      await removeWorkloadIdentity(tx, scope, agentRuntimeId)
      await tx.delete(runtimeNames, scope, runtime.agentRuntimeName)
      await tx.delete(runtimes, scope, agentRuntimeId)
      return { packages: owned.map(({ document }) => document.codeSha256), arns }
    })
    released.arns.forEach(resourcePolicies.forget)
    for (const sha256 of new Set(released.packages)) await releaseCode(sha256)
    await volumes.removeAll(scope, agentRuntimeId)
    log.info('agent runtime deleted', { agentRuntimeId })
  }

  async function releaseCode(sha256: string | undefined) {
    if (sha256 === undefined) return
    const stillUsed = (await store.all(versions)).some(({ document }) => document.codeSha256 === sha256)
    if (!stillUsed) await codePackages.remove(sha256)
  }

  const begin: Provisioning['begin'] = (scope, agentRuntimeId, version) =>
    run('provisioning', { agentRuntimeId, version }, () => provision(scope, agentRuntimeId, version))
  const beginDeletion: Provisioning['beginDeletion'] = (scope, agentRuntimeId) =>
    run('deletion', { agentRuntimeId }, () => remove(scope, agentRuntimeId))

  return {
    begin,
    beginDeletion,
    releaseCode,
    async resume() {
      for (const row of await store.all(versions)) {
        const [agentRuntimeId = ''] = row.id.split('/')
        if (row.document.status === 'CREATING' || row.document.status === 'UPDATING') begin(row, agentRuntimeId, row.document.version)
      }
      for (const row of await store.all(runtimes)) {
        if (row.document.deleting) beginDeletion(row, row.document.agentRuntimeId)
      }
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

async function mustHaveEntryPoint(dir: string, file: string) {
  const found = await stat(join(dir, file)).catch(() => undefined)
  if (!found?.isFile())
    throw new CannotProvision(`The package has no file ${file}, which entryPoint names. Name a file that is in the zip, relative to its root.`)
}
