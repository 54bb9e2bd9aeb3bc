// The sts scope: who one is, for a time somebody else, and how services outside are told.
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { QueryParameters } from '#kernel/query.js'
import type { Scope } from '#kernel/scope.js'
import type { Callers } from './callers.js'
import { getCallerIdentity } from './get-caller-identity.js'
import { getWebIdentityToken, webIdentityConditions, webIdentityResource } from './get-web-identity-token.js'
import type { IssuerKeys } from './issuer-keys.js'

export interface StsPorts {
  callers: Callers
  issuerKeys: Pick<IssuerKeys, 'signerFor'>
  issuer: () => string
  clock: Clock
  ids: Ids
}

export function stsScope({ callers, issuerKeys, issuer, clock, ids }: StsPorts) {
  const { keys: accessKeys, authorizer, tagsOf, assumeRole } = callers
  return {
    operations: {
      AssumeRole: assumeRole.operation,
      GetCallerIdentity: async ({ caller }: Parameters<typeof assumeRole.operation>[0]) => ({
        ...getCallerIdentity(caller, callers.entityIdOf(caller)),
      }),
      GetWebIdentityToken: getWebIdentityToken({ keys: issuerKeys, accessKeys, authorizer, tagsOf, issuer, clock, ids }),
    },
    resource: (operation: string, parameters: QueryParameters, scope: Scope) =>
      operation === 'GetWebIdentityToken' ? webIdentityResource(scope) : assumeRole.resource(operation, parameters),
    conditions: (operation: string, parameters: QueryParameters) =>
      operation === 'GetWebIdentityToken' ? webIdentityConditions(parameters) : assumeRole.conditions(operation, parameters),
  }
}
