// The iam scope's operations, and which resource each is about.
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
    resource(_operation: string, parameters: QueryParameters): string | undefined {
      const path = parameters.get('Path') ?? '/'
      const [role, user, policy, arn] = ['RoleName', 'UserName', 'PolicyName', 'PolicyArn'].map((member) => parameters.get(member))
      if (role !== undefined) return policies.roleNamed(role)?.arn ?? `arn:aws:iam::${account}:role${path}${role}`
      if (user !== undefined) return iam.users.get(user)?.arn ?? `arn:aws:iam::${account}:user${path}${user}`
      if (arn !== undefined) return arn
      return policy === undefined ? undefined : `arn:aws:iam::${account}:policy${path}${policy}`
    },
  }
}
