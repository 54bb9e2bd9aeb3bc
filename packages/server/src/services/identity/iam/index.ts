// The iam scope's operations, and which resource each is about.
import type { Caller } from '#kernel/context.js'
import type { QueryParameters } from '#kernel/query.js'
import { managedPolicyOperations } from './managed-policies.js'
import { roleOperations } from './roles.js'
import { userOperations } from './users.js'
import type { IamWorld } from './world.js'

export function iamScope(world: IamWorld) {
  const { account, iam, policies } = world
  return {
    operations: { ...roleOperations(world), ...userOperations(world), ...managedPolicyOperations(world) },

    /** With the path of what exists, so that a policy on a path holds. */
    resource(operation: string, parameters: QueryParameters, { caller }: { caller?: Caller }): string | undefined {
      if (listsOfAll.has(operation)) return undefined
      const path = parameters.get('Path') ?? '/'
      // The member that the operation itself reads, and no other that was sent beside it: who may change one role must not name it in a
      // call about somebody's keys.
      if (operation.includes('Role')) {
        const role = parameters.get('RoleName')
        return role && (policies.roleNamed(role)?.arn ?? `arn:aws:iam::${account}:role${path}${role}`)
      }
      if (/User|AccessKey/.test(operation)) {
        const user = parameters.get('UserName')
        if (user !== undefined) return iam.users.get(user)?.arn ?? `arn:aws:iam::${account}:user${path}${user}`
        return caller?.kind === 'user' ? caller.principalArn : undefined
      }
      if (operation === 'CreatePolicy') return `arn:aws:iam::${account}:policy${path}${parameters.get('PolicyName') ?? ''}`
      return parameters.get('PolicyArn')
    },
  }
}

const listsOfAll = new Set(['ListRoles', 'ListUsers', 'ListPolicies'])
