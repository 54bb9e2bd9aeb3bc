// iam: users and their access keys, which is what `agentworks keys` makes.
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import { type QueryParameters, type QueryTree, refuseUnsupported, required } from '#kernel/query.js'
import { newId } from '#services/identity/entity-ids.js'
import type { UserAccessKey, UserDocument } from '#services/identity/iam-documents.js'
import { iamLimits } from '#services/identity/limits.js'
import { userSecretPurpose } from '#services/identity/user-access-keys.js'
import { entityPolicies } from './entity-policies.js'
import { alreadyExists, deleteConflict, limitExceeded, nameIn, noSuchEntity, pageOf, pathIn, tagsIn } from './input.js'
import { presentUser, time } from './output.js'
import type { IamWorld } from './world.js'

const unsupported = { PermissionsBoundary: 'limit the user by a deny in its own policies.' }

export function userOperations(world: IamWorld) {
  const { account, iam, sealer, clock, ids } = world

  function find(name: string): UserDocument {
    const user = iam.users.get(name)
    if (!user) throw noSuchEntity('user with name', name)
    return user
  }

  /** Without a name AWS means the user that asks. */
  function userIn({ caller }: Context, parameters: QueryParameters): UserDocument {
    if (parameters.has('UserName') || caller.kind !== 'user') return find(nameIn(parameters, 'UserName'))
    return find(caller.principalArn.slice(caller.principalArn.lastIndexOf('/') + 1))
  }

  function keyIn(user: UserDocument, parameters: QueryParameters): UserAccessKey {
    const accessKeyId = required(parameters, 'AccessKeyId')
    const key = user.accessKeys.find((one) => one.accessKeyId === accessKeyId)
    if (!key) throw noSuchEntity('access key with id', accessKeyId.slice(0, 128))
    return key
  }

  return {
    async CreateUser(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      refuseUnsupported(parameters, unsupported)
      const [name, path] = [nameIn(parameters, 'UserName'), pathIn(parameters)]
      const user: UserDocument = {
        name,
        path,
        id: newId('AIDA', ids),
        arn: `arn:aws:iam::${account}:user${path}${name}`,
        createdAt: clock.now(),
        tags: tagsIn(parameters),
        inlinePolicies: {},
        attachedPolicies: [],
        accessKeys: [],
      }
      await iam.change((edit) => {
        if (iam.users.has(name)) throw alreadyExists('user with name', name)
        if (iam.users.size >= iamLimits.usersPerAccount) throw limitExceeded(`there are ${iamLimits.usersPerAccount} users, which is the limit`)
        edit.put('users', name, user)
      })
      return { User: presentUser(user) }
    },

    async GetUser(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      return { User: presentUser(userIn(ctx, parameters)) }
    },

    async ListUsers(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const { items, members } = pageOf(parameters, iam.users.values(), ({ name }) => name)
      return { Users: items.map((user) => presentUser(user, { inList: true })), ...members }
    },

    async DeleteUser(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      await iam.change((edit) => {
        const { name, accessKeys, inlinePolicies, attachedPolicies } = find(nameIn(parameters, 'UserName'))
        if (accessKeys.length > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.')
        if (attachedPolicies.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.')
        if (Object.keys(inlinePolicies).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
        edit.remove('users', name)
      })
      return {}
    },

    async CreateAccessKey(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const accessKeyId = `AKIA${ids.alphanumeric(16).toUpperCase()}`
      const secretAccessKey = ids.alphanumeric(40)
      const key: UserAccessKey = {
        accessKeyId,
        sealedSecret: sealer.seal(secretAccessKey, userSecretPurpose(accessKeyId)),
        isActive: true,
        createdAt: clock.now(),
      }
      const user = await iam.change((edit) => {
        const found = userIn(ctx, parameters)
        if (found.accessKeys.length >= iamLimits.accessKeysPerUser)
          throw limitExceeded(`${found.name} has ${iamLimits.accessKeysPerUser} access keys, which is the limit`)
        edit.put('users', found.name, { ...found, accessKeys: [...found.accessKeys, key] })
        return found
      })
      return { AccessKey: { ...presentKey(user, key), SecretAccessKey: secretAccessKey } }
    },

    async ListAccessKeys(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const user = userIn(ctx, parameters)
      const { items, members } = pageOf(parameters, user.accessKeys, ({ accessKeyId }) => accessKeyId)
      return { AccessKeyMetadata: items.map((key) => presentKey(user, key)), ...members }
    },

    async UpdateAccessKey(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const status = required(parameters, 'Status')
      if (status !== 'Active' && status !== 'Inactive') throw invalid('Status', 'must be Active or Inactive')
      await iam.change((edit) => {
        const user = userIn(ctx, parameters)
        const key = keyIn(user, parameters)
        const accessKeys = user.accessKeys.map((one) => (one === key ? { ...key, isActive: status === 'Active' } : one))
        edit.put('users', user.name, { ...user, accessKeys })
      })
      return {}
    },

    async DeleteAccessKey(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      await iam.change((edit) => {
        const user = userIn(ctx, parameters)
        const key = keyIn(user, parameters)
        edit.put('users', user.name, { ...user, accessKeys: user.accessKeys.filter((one) => one !== key) })
      })
      return {}
    },

    ...entityPolicies(world, {
      kind: 'User',
      characters: iamLimits.userPoliciesCharacters,
      find,
      put: (edit, entity) => edit.put('users', entity.name, { ...find(entity.name), ...entity }),
    }),
  }
}

function presentKey({ name }: UserDocument, { accessKeyId, isActive, createdAt }: UserAccessKey) {
  return { UserName: name, AccessKeyId: accessKeyId, Status: isActive ? 'Active' : 'Inactive', CreateDate: time(createdAt) }
}
