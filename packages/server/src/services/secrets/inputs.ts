// What each operation of Secrets Manager takes.
import { blob, choice, flag, invalidParameter, list, object, readMembers, refused, required, text, whole } from './members.js'

const secretBytes = 65_536
const noReplicas = 'secrets are not replicated.'
const secretId = text(1, 2_048)
const versionId = text(32, 64)

const value = { SecretString: text(1, secretBytes), SecretBinary: blob(secretBytes), ClientRequestToken: versionId }

const createMembers = {
  ...value,
  Name: text(1, 512, /^[A-Za-z0-9/_+=.@-]+$/),
  Description: text(0, 2_048),
  Tags: list(object({ Key: text(1, 128), Value: text(0, 256) }), 0, 50),
  KmsKeyId: refused('there is no AWS KMS here; the vault is sealed under the master key of the platform.'),
  AddReplicaRegions: refused(noReplicas),
  ForceOverwriteReplicaSecret: refused(noReplicas),
  Type: refused('there are no managed external secrets.'),
}

type Sent = Readonly<Record<string, unknown>>

export interface GivenValue {
  value: string
  isBinary: boolean
}

function givenValue({ SecretString, SecretBinary }: { SecretString?: string; SecretBinary?: string }): GivenValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) throw invalidParameter('Give either SecretString or SecretBinary, not both.')
  if (SecretString !== undefined) return { value: SecretString, isBinary: false }
  return SecretBinary === undefined ? undefined : { value: SecretBinary, isBinary: true }
}

export function readCreate(sent: Sent) {
  const input = readMembers(createMembers, sent)
  const tags = Object.fromEntries((input.Tags ?? []).map(({ Key, Value = '' }) => [required(Key, 'Tags.Key'), Value]))
  const token = input.ClientRequestToken
  return { name: required(input.Name, 'Name'), description: input.Description, token, tags, given: givenValue(input) }
}

export function readPut(sent: Sent) {
  const members = {
    ...value,
    SecretId: secretId,
    VersionStages: list(text(1, 256), 1, 20),
    RotationToken: refused('secrets are not rotated by functions.'),
  }
  const input = readMembers(members, sent)
  const given = givenValue(input)
  if (!given) throw invalidParameter('SecretString or SecretBinary is required.')
  return { secretId: required(input.SecretId, 'SecretId'), token: input.ClientRequestToken, stages: input.VersionStages, given }
}

export function readGet(sent: Sent) {
  const input = readMembers({ SecretId: secretId, VersionId: versionId, VersionStage: text(1, 256) }, sent)
  return { secretId: required(input.SecretId, 'SecretId'), versionId: input.VersionId, stage: input.VersionStage }
}

export function readNamed(sent: Sent) {
  return { secretId: required(readMembers({ SecretId: secretId }, sent).SecretId, 'SecretId') }
}

export function readDelete(sent: Sent) {
  const input = readMembers({ SecretId: secretId, RecoveryWindowInDays: whole(7, 30), ForceDeleteWithoutRecovery: flag }, sent)
  if (input.RecoveryWindowInDays !== undefined && input.ForceDeleteWithoutRecovery)
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
  return { secretId: required(input.SecretId, 'SecretId'), days: input.RecoveryWindowInDays ?? 30, force: input.ForceDeleteWithoutRecovery ?? false }
}

const filterKeys = ['name', 'description', 'tag-key', 'tag-value', 'owning-service', 'all'] as const

export interface Filter {
  key: (typeof filterKeys)[number]
  values: string[]
}

export function readList(sent: Sent) {
  const filter = object({ Key: choice(...filterKeys), Values: list(text(1, 512), 1, 10) })
  const members = {
    MaxResults: whole(1, 100),
    NextToken: text(1, 4_096),
    IncludePlannedDeletion: flag,
    SortOrder: choice('asc', 'desc'),
    SortBy: refused('secrets are listed by name.'),
    Filters: list(filter, 0, 10),
  }
  const input = readMembers(members, sent)
  return {
    limit: input.MaxResults ?? 100,
    nextToken: input.NextToken,
    withDeleted: input.IncludePlannedDeletion ?? false,
    descending: input.SortOrder === 'desc',
    filters: (input.Filters ?? []).map(
      ({ Key, Values }): Filter => ({ key: required(Key, 'Filters.Key'), values: required(Values, 'Filters.Values') }),
    ),
  }
}
