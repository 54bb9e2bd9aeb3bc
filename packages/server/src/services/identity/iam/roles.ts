// iam: roles. A ready-made one that is changed becomes the user's own.
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import { listOf, type QueryParameters, type QueryTree, refuseUnsupported, wholeNumber } from '#kernel/query.js'
import { newId } from '#services/identity/entity-ids.js'
import type { RoleDocument } from '#services/identity/iam-documents.js'
import { iamLimits } from '#services/identity/limits.js'
import { checkTrust } from '#services/identity/service-trust.js'
import { entityPolicies } from './entity-policies.js'
import {
  alreadyExists,
  checkTags,
  deleteConflict,
  descriptionIn,
  limitExceeded,
  nameIn,
  noSuchEntity,
  pageOf,
  pathIn,
  policyIn,
  tagsIn,
} from './input.js'
import { presentRole, tagList } from './output.js'
import type { IamWorld } from './world.js'

const { least, most, usual } = iamLimits.maxSessionSeconds
const unsupported = { PermissionsBoundary: 'limit the role by a deny in its own policies.' }

export function roleOperations(world: IamWorld) {
  const { account, iam, policies, clock, ids } = world

  function find(name: string): RoleDocument {
    const role = policies.roleNamed(name)
    if (!role) throw noSuchEntity('role with name', name)
    return role
  }
  const roleIn = (parameters: QueryParameters) => find(nameIn(parameters, 'RoleName'))
  const trustIn = (parameters: QueryParameters, member: string) => {
    const text = policyIn(parameters, member, 'trust', iamLimits.trustPolicyCharacters)
    checkTrust(text, member)
    return text
  }

  async function rewrite(parameters: QueryParameters, change: (role: RoleDocument) => RoleDocument): Promise<void> {
    await iam.change((edit) => {
      const role = roleIn(parameters)
      edit.put('roles', role.name, change(role))
    })
  }

  return {
    async CreateRole(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      refuseUnsupported(parameters, unsupported)
      const [name, path] = [nameIn(parameters, 'RoleName'), pathIn(parameters)]
      const role: RoleDocument = {
        name,
        path,
        id: newId('AROA', ids),
        arn: `arn:aws:iam::${account}:role${path}${name}`,
        createdAt: clock.now(),
        tags: tagsIn(parameters),
        inlinePolicies: {},
        attachedPolicies: [],
        trustPolicy: trustIn(parameters, 'AssumeRolePolicyDocument'),
        description: descriptionIn(parameters),
        maxSessionSeconds: wholeNumber(parameters, 'MaxSessionDuration', [least, most]) ?? usual,
      }
      await iam.change((edit) => {
        if (iam.roles.has(name)) throw alreadyExists('role with name', name)
        if (iam.roles.size >= iamLimits.rolesPerAccount) throw limitExceeded(`there are ${iamLimits.rolesPerAccount} roles, which is the limit`)
        edit.put('roles', name, role)
      })
      return { Role: presentRole(role) }
    },

    async GetRole(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      return { Role: presentRole(roleIn(parameters)) }
    },

    async ListRoles(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const { items, members } = pageOf(parameters, policies.allRoles(), ({ name }) => name)
      return { Roles: items.map((role) => presentRole(role, { inList: true })), ...members }
    },

    async UpdateRole(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const description = descriptionIn(parameters)
      const seconds = wholeNumber(parameters, 'MaxSessionDuration', [least, most])
      await rewrite(parameters, (role) => ({
        ...role,
        ...(description !== undefined && { description }),
        // As AWS: without a value it is an hour again.
        maxSessionSeconds: seconds ?? usual,
      }))
      return {}
    },

    async UpdateAssumeRolePolicy(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const trustPolicy = trustIn(parameters, 'PolicyDocument')
      await rewrite(parameters, (role) => ({ ...role, trustPolicy }))
      return {}
    },

    async TagRole(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const added = tagsIn(parameters)
      await rewrite(parameters, (role) => ({ ...role, tags: checkTags({ ...role.tags, ...added }) }))
      return {}
    },

    async UntagRole(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const removed = listOf(parameters, 'TagKeys').map((one) => one[''] ?? '')
      await rewrite(parameters, (role) => ({
        ...role,
        tags: Object.fromEntries(Object.entries(role.tags).filter(([key]) => !removed.includes(key))),
      }))
      return {}
    },

    async ListRoleTags(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const { items, members } = pageOf(parameters, tagList(roleIn(parameters).tags), ({ Key }) => Key)
      return { Tags: items, ...members }
    },

    async DeleteRole(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      await iam.change((edit) => {
        const { name, inlinePolicies, attachedPolicies } = roleIn(parameters)
        if (!iam.roles.has(name))
          throw new ServiceError(
            'UnmodifiableEntityException',
            `The role ${name} is ready-made and cannot be deleted. Narrow it by PutRolePolicy, or make your own of that name.`,
          )
        if (!policies.isReadyMade(name)) {
          if (attachedPolicies.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.')
          if (Object.keys(inlinePolicies).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
        }
        edit.remove('roles', name)
      })
      return {}
    },

    ...entityPolicies(world, {
      kind: 'Role',
      characters: iamLimits.rolePoliciesCharacters,
      find,
      put: (edit, entity) => edit.put('roles', entity.name, { ...find(entity.name), ...entity }),
    }),
  }
}
