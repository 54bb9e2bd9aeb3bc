// Who an agent is, and the tokens that stand for it.
import {
  type BedrockAgentCoreClient,
  GetWorkloadAccessTokenCommand,
  GetWorkloadAccessTokenForJWTCommand,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  type BedrockAgentCoreControlClient,
  CreateWorkloadIdentityCommand,
  type CreateWorkloadIdentityRequest,
  type CreateWorkloadIdentityResponse,
  DeleteWorkloadIdentityCommand,
  GetWorkloadIdentityCommand,
  type GetWorkloadIdentityResponse,
  paginateListWorkloadIdentities,
  UpdateWorkloadIdentityCommand,
  type UpdateWorkloadIdentityRequest,
  type UpdateWorkloadIdentityResponse,
  type WorkloadIdentityType,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { allOf } from '#client/all-pages.js'
import { InvalidCall } from '#client/invalid-call.js'

/** The workload alone, or on behalf of one user: by a JWT that is verified, or by an id that you vouch for. */
export type WorkloadAccessTokenCall = { workloadName: string; userToken?: undefined; userId?: undefined } | UserByToken | UserById
type UserByToken = { workloadName: string; userToken: string; userId?: undefined }
type UserById = { workloadName: string; userId: string; userToken?: undefined }

export interface WorkloadIdentities {
  createWorkloadIdentity(input: CreateWorkloadIdentityRequest): Promise<CreateWorkloadIdentityResponse>
  getWorkloadIdentity(name: string): Promise<GetWorkloadIdentityResponse>
  updateWorkloadIdentity(input: UpdateWorkloadIdentityRequest): Promise<UpdateWorkloadIdentityResponse>
  /** All pages. */
  listWorkloadIdentities(): Promise<WorkloadIdentityType[]>
  deleteWorkloadIdentity(name: string): Promise<void>
  getWorkloadAccessToken(call: WorkloadAccessTokenCall): Promise<string>
}

export function workloadIdentities(control: BedrockAgentCoreControlClient, data: BedrockAgentCoreClient): WorkloadIdentities {
  return {
    createWorkloadIdentity: (input) => control.send(new CreateWorkloadIdentityCommand(input)),
    getWorkloadIdentity: (name) => control.send(new GetWorkloadIdentityCommand({ name })),
    updateWorkloadIdentity: (input) => control.send(new UpdateWorkloadIdentityCommand(input)),
    listWorkloadIdentities: () => allOf(paginateListWorkloadIdentities({ client: control }, {}), ({ workloadIdentities }) => workloadIdentities),
    async deleteWorkloadIdentity(name) {
      await control.send(new DeleteWorkloadIdentityCommand({ name }))
    },
    async getWorkloadAccessToken({ workloadName, userToken, userId }) {
      if (userToken !== undefined && userId !== undefined)
        throw new InvalidCall('userId', 'given together with userToken, and a workload access token is for one user', 'Leave one out')
      const answer =
        userToken !== undefined
          ? await data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName, userToken }))
          : userId !== undefined
            ? await data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName, userId }))
            : await data.send(new GetWorkloadAccessTokenCommand({ workloadName }))
      return answer.workloadAccessToken ?? ''
    },
  }
}
