// Secrets Manager over the vault: create, put, get, describe, delete, restore. Listing is in list-secrets.ts.
import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader, Store } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { putPlainTags, removeTags, tagsOf } from '#services/tags/index.js'
import { readEntry } from '#services/vault/index.js'
import { deletions, entryId, namedSecretArn, nameOf, type SecretDocument, secretArn, secrets } from './documents.js'
import { type GivenValue, readCreate, readDelete, readGet, readList, readNamed, readPut } from './inputs.js'
import { listSecrets } from './list-secrets.js'
import { invalidParameter, invalidRequest } from './members.js'
import { findSecret, readSecret } from './read-secret.js'
import { currentStage, putVersion, removeSecret } from './versions.js'

export interface SecretPorts {
  store: Store
  clock: Clock
  ids: Ids
  vaultSealer: VaultSealer
}

/** AWS: a secret has at most twenty staging labels. */
const maxStages = 20
const dayMs = 24 * 60 * 60_000
const sweepMs = 60 * 60_000
const seconds = (ms: number) => ms / 1000

export function secretOperations(ports: SecretPorts) {
  const { store, clock, ids, vaultSealer } = ports

  async function existing(reader: Reader, scope: Scope, secretId: string): Promise<SecretDocument> {
    const secret = await findSecret(reader, clock, scope, secretId)
    if (!secret) throw notFound("Secrets Manager can't find the specified secret.")
    return secret
  }

  async function usable(reader: Reader, scope: Scope, secretId: string): Promise<SecretDocument> {
    const secret = await existing(reader, scope, secretId)
    if (secret.deletedAt !== undefined)
      throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion. RestoreSecret takes that back.")
    return secret
  }

  async function changeable(reader: Reader, scope: Scope, secretId: string): Promise<SecretDocument> {
    const secret = await usable(reader, scope, secretId)
    if (secret.owningService) throw managedBy(secret)
    return secret
  }

  /** A retry with the same token is answered as before; the same token with another value is a mistake. */
  async function isRepeated(reader: Reader, scope: Scope, { name, versions }: SecretDocument, token: string, { value, isBinary }: GivenValue) {
    const version = versions.find(({ versionId }) => versionId === token)
    if (!version) return false
    const before = (await readEntry(reader, vaultSealer, scope, entryId(name, token))) ?? ''
    if (version.isBinary === isBinary && isSame(before, value)) return true
    throw new ServiceError(
      'ResourceExistsException',
      `A version ${token} of this secret exists already, with another value. Send a new ClientRequestToken.`,
    )
  }

  const operations = {
    CreateSecret: {
      read: readCreate,
      async run(ctx: Context, { name, description, token = ids.uuid(), tags, given }: ReturnType<typeof readCreate>) {
        const answer = { ARN: secretArn(ctx, name), Name: name, ...(given && { VersionId: token }) }
        await store.transaction(async (tx) => {
          const before = await findSecret(tx, clock, ctx, name)
          if (before) {
            if (before.deletedAt !== undefined)
              throw invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.")
            if (given && (await isRepeated(tx, ctx, before, token, given))) return
            throw new ServiceError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)
          }
          const past = await tx.get(secrets, ctx, name)
          if (past) await removeSecret(tx, ctx, past)
          const now = clock.now()
          const secret: SecretDocument = { name, ...(description !== undefined && { description }), createdAt: now, lastChangedAt: now, versions: [] }
          if (given) await putVersion(tx, ports, ctx, secret, { versionId: token, ...given, stages: [currentStage] })
          else await tx.put(secrets, ctx, name, secret)
          await removeTags(tx, ctx, secretArn(ctx, name))
          await putPlainTags(tx, ctx, secretArn(ctx, name), tags)
        })
        return answer
      },
    },

    PutSecretValue: {
      read: readPut,
      async run(ctx: Context, { secretId, token = ids.uuid(), stages = [currentStage], given }: ReturnType<typeof readPut>) {
        const changed = await store.transaction(async (tx) => {
          const secret = await changeable(tx, ctx, secretId)
          if (await isRepeated(tx, ctx, secret, token, given)) return secret
          const after = await putVersion(tx, ports, ctx, secret, { versionId: token, ...given, stages: [...new Set(stages)] })
          if (after.versions.flatMap((version) => version.stages).length > maxStages)
            throw new ServiceError('LimitExceededException', `A secret has at most ${maxStages} staging labels.`)
          return after
        })
        const version = changed.versions.find(({ versionId }) => versionId === token)
        return { ARN: secretArn(ctx, changed.name), Name: changed.name, VersionId: token, VersionStages: version?.stages ?? [] }
      },
    },

    GetSecretValue: {
      read: readGet,
      async run(ctx: Context, { secretId, versionId, stage }: ReturnType<typeof readGet>) {
        await usable(store, ctx, secretId)
        const wanted = stage ?? (versionId === undefined ? currentStage : undefined)
        const found = await readSecret({ store, vaultSealer, clock }, ctx, secretId, (version) => {
          const isVersion = versionId === undefined || version.versionId === versionId
          return isVersion && (wanted === undefined || version.stages.includes(wanted))
        })
        if (!found)
          throw notFound(
            `Secrets Manager can't find the specified secret value for ${versionId ? `VersionId: ${versionId}` : `staging label: ${wanted}`}`,
          )
        const { secret, version, value } = found
        return {
          ARN: secretArn(ctx, secret.name),
          Name: secret.name,
          VersionId: version.versionId,
          ...(version.isBinary ? { SecretBinary: value } : { SecretString: value }),
          VersionStages: version.stages,
          CreatedDate: seconds(version.createdAt),
        }
      },
    },

    DescribeSecret: {
      read: readNamed,
      async run(ctx: Context, { secretId }: ReturnType<typeof readNamed>) {
        const secret = await existing(store, ctx, secretId)
        const { versions } = secret
        return {
          ...(await describe(store, ctx, secret)),
          VersionIdsToStages: Object.fromEntries(versions.map(({ versionId, stages }) => [versionId, stages])),
        }
      },
    },

    ListSecrets: {
      read: readList,
      run: (ctx: Context, input: ReturnType<typeof readList>) => listSecrets({ store, clock, describe }, ctx, input),
    },

    DeleteSecret: {
      read: readDelete,
      async run(ctx: Context, { secretId, days, force }: ReturnType<typeof readDelete>) {
        const now = clock.now()
        const name = nameOf(ctx, secretId)
        if (name === undefined) throw notFound("Secrets Manager can't find the specified secret.")
        const deletionAt = force ? now : now + days * dayMs
        await store.transaction(async (tx) => {
          if (!force) {
            await tx.put(secrets, ctx, name, { ...(await changeable(tx, ctx, secretId)), deletedAt: now, deletionAt })
            await tx.put(deletions, ctx, name, { deletionAt })
            return
          }
          // AWS: gone is gone, whether it was there or not.
          const secret = await findSecret(tx, clock, ctx, secretId)
          if (!secret) return
          if (secret.owningService) throw managedBy(secret)
          await removeTags(tx, ctx, secretArn(ctx, name))
          await removeSecret(tx, ctx, secret)
        })
        return { ARN: secretArn(ctx, name), Name: name, DeletionDate: seconds(deletionAt) }
      },
    },

    RestoreSecret: {
      read: readNamed,
      async run(ctx: Context, { secretId }: ReturnType<typeof readNamed>) {
        const name = await store.transaction(async (tx) => {
          const { deletedAt: _at, deletionAt: _until, ...secret } = await existing(tx, ctx, secretId)
          await tx.put(secrets, ctx, secret.name, secret)
          await tx.delete(deletions, ctx, secret.name)
          return secret.name
        })
        return { ARN: secretArn(ctx, name), Name: name }
      },
    },
  }

  return {
    operations,

    /** What a call is about, before anything is read. */
    resource(operation: string, input: { secretId?: string; name?: string }, scope: Scope): string {
      if (operation === 'ListSecrets') return '*'
      const named = input.secretId ?? input.name
      return named === undefined ? '*' : namedSecretArn(scope, named)
    },

    malformed: invalidParameter,

    /** Drops what nobody can restore any more, now and every hour. The returned function ends that. */
    keepSwept(): () => Promise<void> {
      let running = sweep()
      let cancel = again()
      function again() {
        return clock.after(sweepMs, () => {
          running = sweep()
          cancel = again()
        })
      }
      return async () => {
        cancel()
        await running
      }
    },
  }

  async function sweep(): Promise<void> {
    for (const { id, document, ...scope } of await store.all(deletions)) {
      if (document.deletionAt > clock.now()) continue
      await store.transaction(async (tx) => {
        const secret = await tx.get(secrets, scope, id)
        // Restored, or deleted anew, since it was listed.
        if (secret?.deletionAt !== document.deletionAt) return
        await removeTags(tx, scope, secretArn(scope, id))
        await removeSecret(tx, scope, secret)
      })
    }
  }
}

async function describe(reader: Reader, scope: Scope, secret: SecretDocument) {
  const arn = secretArn(scope, secret.name)
  const tags = Object.entries(await tagsOf(reader, scope, arn)).map(([Key, Value]) => ({ Key, Value }))
  return {
    ARN: arn,
    Name: secret.name,
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.owningService && { OwningService: secret.owningService }),
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.lastChangedAt),
    ...(secret.deletedAt !== undefined && { DeletedDate: seconds(secret.deletedAt) }),
    ...(tags.length > 0 && { Tags: tags }),
  }
}

/** Of equal length at least, without telling where they differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function managedBy({ name, owningService }: SecretDocument): ServiceError {
  return invalidRequest(`The secret ${name} is managed by ${owningService}; change its credential provider instead.`)
}

const notFound = (message: string) => new ServiceError('ResourceNotFoundException', message)
