// Agent runtimes by name: find, create or update, wait until READY. Over the public API only.

import { setTimeout as pause } from 'node:timers/promises'
import {
  type BedrockAgentCoreControlClient,
  CreateAgentRuntimeCommand,
  type CreateAgentRuntimeRequest,
  GetAgentRuntimeCommand,
  type GetAgentRuntimeResponse,
  ListAgentRuntimesCommand,
  TagResourceCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'

export interface RuntimeSummary {
  agentRuntimeId: string
  agentRuntimeArn: string
  name: string
  version: string
  status: string
}

/** What a runtime is made of; the update replaces all of it. */
export type RuntimeSettings = Omit<CreateAgentRuntimeRequest, 'clientToken' | 'tags'>

/** A runtime that did not become READY, with the reason that the platform gives. */
export class RuntimeNotReady extends Error {
  override readonly name = 'RuntimeNotReady'
  readonly status: string

  constructor(runtimeName: string, status: string, reason: string) {
    super(`runtime ${runtimeName} is ${status}: ${reason}`)
    this.status = status
  }
}

export async function listRuntimes(control: BedrockAgentCoreControlClient): Promise<RuntimeSummary[]> {
  const found: RuntimeSummary[] = []
  let nextToken: string | undefined
  do {
    const page = await control.send(new ListAgentRuntimesCommand({ maxResults: 100, nextToken }))
    for (const runtime of page.agentRuntimes ?? []) {
      found.push({
        agentRuntimeId: runtime.agentRuntimeId ?? '',
        agentRuntimeArn: runtime.agentRuntimeArn ?? '',
        name: runtime.agentRuntimeName ?? '',
        version: runtime.agentRuntimeVersion ?? '',
        status: runtime.status ?? '',
      })
    }
    nextToken = page.nextToken
  } while (nextToken)
  return found
}

/** `undefined`: no runtime of this account and Region has the name. */
export async function findRuntime(control: BedrockAgentCoreControlClient, name: string): Promise<RuntimeSummary | undefined> {
  const runtimes = await listRuntimes(control)
  return runtimes.find((runtime) => runtime.name === name)
}

/** Makes the runtime, or a new version of it when the name is taken; `tags` are added to those it has. Does not wait. */
export async function createOrUpdateRuntime(
  control: BedrockAgentCoreControlClient,
  settings: RuntimeSettings,
  tags: Record<string, string> = {},
): Promise<{ agentRuntimeId: string; created: boolean }> {
  const isTagged = Object.keys(tags).length > 0
  const existing = await findRuntime(control, settings.agentRuntimeName ?? '')
  if (!existing) {
    const made = await control.send(new CreateAgentRuntimeCommand({ ...settings, ...(isTagged && { tags }) }))
    return { agentRuntimeId: made.agentRuntimeId ?? '', created: true }
  }
  const { agentRuntimeName: _name, ...replacement } = settings
  // An update is refused while an earlier one still runs.
  await waitUntilSettled(control, existing.agentRuntimeId)
  // Before the new version, which then starts with them; and what they cannot be is refused before it is made.
  if (isTagged) await control.send(new TagResourceCommand({ resourceArn: existing.agentRuntimeArn, tags }))
  await control.send(new UpdateAgentRuntimeCommand({ ...replacement, agentRuntimeId: existing.agentRuntimeId }))
  return { agentRuntimeId: existing.agentRuntimeId, created: false }
}

export interface WaitOptions {
  timeoutMs?: number
  /** Called with each new state, the first included. */
  onStatus?: (status: string) => void
}

/** Resolves with the runtime once it is READY; throws RuntimeNotReady when it failed, is going away, or takes too long. */
export async function waitUntilReady(
  control: BedrockAgentCoreControlClient,
  agentRuntimeId: string,
  options: WaitOptions = {},
): Promise<GetAgentRuntimeResponse> {
  const runtime = await waitUntilSettled(control, agentRuntimeId, options)
  if (runtime.status === 'READY') return runtime
  throw new RuntimeNotReady(runtime.agentRuntimeName ?? agentRuntimeId, runtime.status ?? 'unknown', runtime.failureReason ?? 'see its logs')
}

const moving: ReadonlySet<string> = new Set(['CREATING', 'UPDATING'])

async function waitUntilSettled(
  control: BedrockAgentCoreControlClient,
  agentRuntimeId: string,
  { timeoutMs = 60_000, onStatus }: WaitOptions = {},
): Promise<GetAgentRuntimeResponse> {
  const deadline = performance.now() + timeoutMs
  let seen: string | undefined
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 500)) {
    const runtime = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
    const status = runtime.status ?? 'unknown'
    if (status !== seen) onStatus?.(status)
    seen = status
    if (!moving.has(status)) return runtime
    if (performance.now() > deadline) throw new RuntimeNotReady(runtime.agentRuntimeName ?? agentRuntimeId, status, `still so after ${timeoutMs} ms`)
    await pause(waitMs)
  }
}
