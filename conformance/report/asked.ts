// Every operation that a client could ask for, with the least request that reaches it.
import { bedrockAgentCore, bedrockRuntime, type Operation } from '@agentworks/model'
import areas from '../areas.json' with { type: 'json' }
import { callers } from '../requirements-of-callers.ts'
import type { Raw } from '../signed-request.fixture.ts'

export interface Asked {
  area: string
  name: string
  request: Raw
}

const models = 'Models (bedrock)'
const artifacts = 'Artifacts (s3)'
const identities = 'Identities (sts)'
const rolesAndKeys = 'Roles and keys (iam)'
const secrets = 'Secrets (secretsmanager)'

export function askedOperations(): Asked[] {
  const areaOf = new Map(Object.entries(areas).flatMap(([area, names]) => names.map((name) => [name, area] as const)))
  const agentCore = Object.values(bedrockAgentCore.operations).map((operation) => {
    const area = areaOf.get(operation.name)
    if (area === undefined) throw new Error(`conformance/areas.json does not say where ${operation.name} belongs`)
    return { area, name: operation.name, request: requestOf(operation, 'bedrock-agentcore') }
  })
  const bedrock = Object.values(bedrockRuntime.operations).map((operation) => ({
    area: models,
    name: operation.name,
    request: requestOf(operation, 'bedrock'),
  }))
  const inOrder = agentCore.toSorted((a, b) => order(a) - order(b))
  return [...inOrder, ...bedrock, ...s3Operations, ...stsOperations, ...iamOperations, ...secretOperations]
}

export const agentCoreAreas: readonly string[] = Object.keys(areas)

const positions = new Map(
  Object.values(areas)
    .flat()
    .map((name, index) => [name, index]),
)
const order = ({ name }: Asked) => positions.get(name) ?? 0

function requestOf({ method, uri }: Operation, service: string): Raw {
  return { service, method, path: uri.replaceAll(/\{[^}]+\}/g, 'x') }
}

/** All that are served, and some that are not. */
const iamOperations: readonly Asked[] = [
  ...new Set([...callers['iam.roles'].operations, ...callers['iam.policies'].operations, ...callers['iam.keys'].operations]),
  'GetOutboundWebIdentityFederationInfo',
  'EnableOutboundWebIdentityFederation',
  'DisableOutboundWebIdentityFederation',
  'CreateGroup',
  'CreateInstanceProfile',
  'CreateLoginProfile',
  'PutRolePermissionsBoundary',
  'SimulatePrincipalPolicy',
].map((name) => ({ area: rolesAndKeys, name, request: { service: 'iam', method: 'GET', path: `/?Action=${name}&Version=2010-05-08` } }))

const stsOperations: readonly Asked[] = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'GetCallerIdentity',
  'GetFederationToken',
  'GetSessionToken',
  'GetWebIdentityToken',
].map((name) => ({ area: identities, name, request: { service: 'sts', method: 'GET', path: `/?Action=${name}&Version=2011-06-15` } }))

const secretOperations: readonly Asked[] = [
  'CreateSecret',
  'DeleteSecret',
  'DescribeSecret',
  'GetSecretValue',
  'ListSecrets',
  'PutSecretValue',
  'RestoreSecret',
  'BatchGetSecretValue',
  'GetRandomPassword',
  'ListSecretVersionIds',
  'PutResourcePolicy',
  'RotateSecret',
  'TagResource',
  'UpdateSecret',
  'UpdateSecretVersionStage',
].map((name) => {
  const headers = { 'x-amz-target': `secretsmanager.${name}`, 'content-type': 'application/x-amz-json-1.1' }
  return { area: secrets, name, request: { service: 'secretsmanager', method: 'POST', path: '/', headers, body: '{}' } }
})

const copied = { 'x-amz-copy-source': '/report-bucket/x' }

const s3Operations: readonly Asked[] = (
  [
    ['ListBuckets', 'GET', '/'],
    ['CreateBucket', 'PUT', '/B'],
    ['HeadBucket', 'HEAD', '/report-bucket'],
    ['DeleteBucket', 'DELETE', '/report-bucket'],
    ['GetBucketLocation', 'GET', '/report-bucket?location='],
    ['ListObjects', 'GET', '/report-bucket'],
    ['ListObjectsV2', 'GET', '/report-bucket?list-type=2'],
    ['PutObject', 'PUT', '/report-bucket/x'],
    ['GetObject', 'GET', '/report-bucket/x'],
    ['HeadObject', 'HEAD', '/report-bucket/x'],
    ['CopyObject', 'PUT', '/report-bucket/x', copied],
    ['DeleteObject', 'DELETE', '/report-bucket/x'],
    ['DeleteObjects', 'POST', '/report-bucket?delete='],
    ['CreateMultipartUpload', 'POST', '/report-bucket/x?uploads='],
    ['UploadPart', 'PUT', '/report-bucket/x?partNumber=1&uploadId=x'],
    ['UploadPartCopy', 'PUT', '/report-bucket/x?partNumber=1&uploadId=x', copied],
    ['CompleteMultipartUpload', 'POST', '/report-bucket/x?uploadId=x'],
    ['AbortMultipartUpload', 'DELETE', '/report-bucket/x?uploadId=x'],
    ['ListParts', 'GET', '/report-bucket/x?uploadId=x'],
    ['ListMultipartUploads', 'GET', '/report-bucket?uploads='],
    ['GetBucketAcl', 'GET', '/report-bucket?acl='],
    ['GetBucketVersioning', 'GET', '/report-bucket?versioning='],
    ['GetBucketPolicy', 'GET', '/report-bucket?policy='],
    ['PutBucketVersioning', 'PUT', '/report-bucket?versioning='],
    ['GetObjectTagging', 'GET', '/report-bucket/x?tagging='],
    ['ListObjectVersions', 'GET', '/report-bucket?versions='],
    ['SelectObjectContent', 'POST', '/report-bucket/x?select=&select-type=2'],
  ] as readonly [string, string, string, Record<string, string>?][]
).map(([name, method, path, headers]) => ({ area: artifacts, name, request: { service: 's3', method, path, headers } }))
