// Keys and policies for the scenarios of callers.
import { CreateAccessKeyCommand, CreateUserCommand, type IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { type Clients, clientsOf, type RunningPlatform } from './platform.fixture.ts'

export type Statement = {
  Effect: 'Allow' | 'Deny'
  Action: string | string[]
  Resource?: string | string[]
  Condition?: object
  Principal?: unknown
  Sid?: string
}

export const policy = (...Statement: Statement[]) => JSON.stringify({ Version: '2012-10-17', Statement })

export const trusting = (Principal: unknown, Condition?: object) =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition && { Condition }) })

/** Clients with the key of a new user who may do what the statements say. */
export async function userWith(
  platform: RunningPlatform,
  iam: IAMClient,
  UserName: string,
  ...statements: Statement[]
): Promise<Clients & { accessKeyId: string }> {
  await iam.send(new CreateUserCommand({ UserName }))
  if (statements.length > 0) await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(...statements) }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const accessKeyId = AccessKey?.AccessKeyId ?? ''
  return { ...clientsOf({ url: platform.url, credentials: { accessKeyId, secretAccessKey: AccessKey?.SecretAccessKey ?? '' } }), accessKeyId }
}
