// GetWorkloadAccessToken and its two sisters: tokens for a workload alone, for a verified user, and for a user whom the caller vouches for.
import type {
  GetWorkloadAccessTokenForJWTRequest,
  GetWorkloadAccessTokenForUserIdRequest,
  GetWorkloadAccessTokenRequest,
  GetWorkloadAccessTokenResponse,
} from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { accessDenied } from '#kernel/errors.js'
import type { Sealer } from '#ports/sealer.js'
import type { Store } from '#ports/store.js'
import { findWorkloadIdentity } from './workload-identities.js'
import { issueWorkloadToken, type WorkloadUser } from './workload-tokens.js'

export interface WorkloadTokenPorts {
  store: Store
  sealer: Sealer
  clock: Clock
  /** Who the token says its user is, once its signature and times were checked. Throws what the caller is to hear. */
  verifyUserToken(userToken: string): Promise<{ issuer: string; subject: string }>
}

export function workloadAccessTokenOperations({ store, sealer, clock, verifyUserToken }: WorkloadTokenPorts) {
  async function issued(ctx: Context, workloadName: string, user?: () => Promise<WorkloadUser>): Promise<GetWorkloadAccessTokenResponse> {
    const identity = await findWorkloadIdentity(store, ctx, workloadName)
    // Developer guide, get-workload-access-token: such an identity gets its tokens from the service that it is linked to.
    if (identity.linkedTo !== undefined)
      throw accessDenied(
        `WorkloadIdentity is linked to a service and cannot retrieve an access token by the caller: ${workloadName} belongs to ${identity.linkedTo}, which hands its agent the token with each request. Make an identity of your own with CreateWorkloadIdentity.`,
      )
    return { workloadAccessToken: issueWorkloadToken({ sealer, clock }, ctx, identity, await user?.()) }
  }

  return {
    GetWorkloadAccessToken: (ctx: Context, { workloadName }: GetWorkloadAccessTokenRequest) => issued(ctx, workloadName),

    GetWorkloadAccessTokenForUserId: (ctx: Context, { workloadName, userId }: GetWorkloadAccessTokenForUserIdRequest) =>
      issued(ctx, workloadName, async () => ({ userId })),

    GetWorkloadAccessTokenForJWT: (ctx: Context, { workloadName, userToken }: GetWorkloadAccessTokenForJWTRequest) =>
      issued(ctx, workloadName, async () => {
        const { issuer, subject } = await verifyUserToken(userToken)
        return { issuer, subject, userToken }
      }),
  }
}
