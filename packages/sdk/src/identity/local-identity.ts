// An agent that runs on its author's machine has no runtime to give it a token: it gets a workload identity of its own, remembered in
// `.agentcore.json` with a user's id, the same file and members as the Python SDK of AWS keeps.
import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ResourceNotFoundException as UnknownToControl } from '@aws-sdk/client-bedrock-agentcore-control'
import { InvalidCall } from '#client/invalid-call.js'
import type { IdentityClient } from './identity-client.js'

export interface LocalIdentity {
  workloadName: string
  userId: string
}

const underWay = new Map<string, Promise<unknown>>()

/**
 * The identity that `.agentcore.json` names, made when the file or the identity is missing. `callbackUrl` is added to the URLs that it
 * allows: here nobody else would do that.
 */
export async function localIdentity(client: IdentityClient, { file = '.agentcore.json', callbackUrl }: { file?: string; callbackUrl?: string } = {}) {
  const path = resolve(file)
  // Two first calls at the same time would make two identities, and remember one.
  const work = (underWay.get(path) ?? Promise.resolve()).catch(() => undefined).then(() => found(client, path, callbackUrl))
  underWay.set(path, work)
  return work
}

async function found(client: IdentityClient, path: string, callbackUrl: string | undefined): Promise<LocalIdentity> {
  const kept = await read(path)
  const workloadName = kept.workload_identity_name ?? `workload-${randomBytes(4).toString('hex')}`
  const userId = kept.user_id ?? randomBytes(4).toString('hex')
  // Kept before it is made: where nothing can be kept, each run would leave another identity behind.
  if (workloadName !== kept.workload_identity_name || userId !== kept.user_id)
    await write(path, { ...kept, workload_identity_name: workloadName, user_id: userId })
  await exists(client, workloadName, callbackUrl)
  return { workloadName, userId }
}

/** The file outlives a platform: on another one, its identity is made again by the same name. */
async function exists(client: IdentityClient, name: string, callbackUrl: string | undefined): Promise<void> {
  const wanted = callbackUrl === undefined ? [] : [callbackUrl]
  const identity = await client.getWorkloadIdentity(name).catch((fault: unknown) => {
    if (fault instanceof UnknownToControl) return undefined
    throw fault
  })
  if (!identity) {
    await client.createWorkloadIdentity({ name, allowedResourceOauth2ReturnUrls: wanted })
    return
  }
  const allowed = identity.allowedResourceOauth2ReturnUrls ?? []
  if (!wanted.every((url) => allowed.includes(url)))
    await client.updateWorkloadIdentity({ name, allowedResourceOauth2ReturnUrls: [...allowed, ...wanted] })
}

interface Kept {
  workload_identity_name?: string
  user_id?: string
}

async function read(path: string): Promise<Kept> {
  const text = await readFile(path, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return '{}'
    throw unreadable(path, `cannot be read (${fault.code})`)
  })
  const kept = parsed(text)
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) throw unreadable(path, 'is no JSON object')
  for (const member of ['workload_identity_name', 'user_id'] as const) {
    const value = (kept as Kept)[member]
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw unreadable(path, `${member} is no text`)
  }
  return kept
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unreadable = (path: string, what: string) => new InvalidCall(path, what, 'Mend the file, or delete it: another identity is made then')

/** Whole or not at all: a half-written file would stop the next run. */
async function write(path: string, kept: Kept): Promise<void> {
  const draft = `${path}.${process.pid}`
  try {
    await writeFile(draft, `${JSON.stringify(kept, undefined, 2)}\n`)
    await rename(draft, path)
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    throw new InvalidCall(path, `cannot be written (${code})`, 'Start the program in a folder that it may write to, or give workloadIdentityToken')
  }
}
