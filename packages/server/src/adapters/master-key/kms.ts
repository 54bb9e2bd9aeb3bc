// Master keys that AWS KMS wraps: the data folder holds what only `kms:Decrypt` under the operator's KMS key opens.
import { existsSync, readFileSync } from 'node:fs'
import { writePrivate } from '#adapters/data-folder/private-file.js'
import { PortError } from '#kernel/errors.js'

/** Of both calls; a wrapped key of another purpose does not open as ours, and the operator's key policy can name it. */
const EncryptionContext = { purpose: 'agentworks master key' }
const keyArn = /^arn:(aws|aws-cn|aws-us-gov):kms:([a-z0-9-]+):[0-9]{12}:(key|alias)\/[A-Za-z0-9/_-]{1,256}$/
const keyBytes = 32

export interface KmsMasterKeys {
  /** `undefined` when the data folder has none under this KMS key. */
  open(arn: string): Promise<Uint8Array | undefined>
  /** On disk, wrapped, before it returns. */
  make(arn: string): Promise<Uint8Array>
}

/**
 * `path`: one JSON object from ARNs of KMS keys to wrapped keys. `endpoint`: default AWS's own of the key's Region; AWS_ENDPOINT_URL is not
 * looked at, as inside our own environment it means us. Both throw a PortError with the KMS key, what KMS said, and what to do.
 */
export function kmsMasterKeys(path: string, endpoint: string | undefined): KmsMasterKeys {
  return {
    async open(arn) {
      const wrapped = wrappedIn(path)[arn]
      if (wrapped === undefined) return undefined
      return withKms(arn, endpoint, 'kms:Decrypt', async ({ client, DecryptCommand }) => {
        const CiphertextBlob = Buffer.from(wrapped, 'base64')
        return (await client.send(new DecryptCommand({ KeyId: arn, CiphertextBlob, EncryptionContext }))).Plaintext
      })
    },

    async make(arn) {
      let wrapped = ''
      const key = await withKms(arn, endpoint, 'kms:GenerateDataKey', async ({ client, GenerateDataKeyCommand }) => {
        const made = await client.send(new GenerateDataKeyCommand({ KeyId: arn, NumberOfBytes: keyBytes, EncryptionContext }))
        wrapped = Buffer.from(made.CiphertextBlob ?? []).toString('base64')
        return wrapped === '' ? undefined : made.Plaintext
      })
      writePrivate(path, `${JSON.stringify({ ...wrappedIn(path), [arn]: wrapped }, null, 2)}\n`)
      return key
    },
  }
}

async function load(region: string, endpoint: string) {
  const { KMSClient, DecryptCommand, GenerateDataKeyCommand } = await import('@aws-sdk/client-kms')
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true }
  return { client: new KMSClient({ region, endpoint, maxAttempts: 3, requestHandler }), DecryptCommand, GenerateDataKeyCommand }
}

async function withKms(
  arn: string,
  endpoint: string | undefined,
  action: string,
  call: (kms: Awaited<ReturnType<typeof load>>) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array> {
  const [, partition, region] = keyArn.exec(arn) ?? []
  if (region === undefined)
    throw fault(`kms:${arn} names no AWS KMS key; write kms: and the key's whole ARN, such as kms:arn:aws:kms:us-east-1:111122223333:key/KEY-ID`)
  const place = endpoint || `https://kms.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`
  const kms = await load(region, place)
  try {
    const key = await call(kms)
    if (key?.length !== keyBytes) throw fault(`${place} answered ${action} without a key of ${keyBytes} bytes; it does not speak as AWS KMS does`)
    return key
  } catch (cause) {
    if (cause instanceof PortError) throw cause
    const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) }
    throw fault(
      `the master key cannot be had from AWS KMS at ${place}: ${action} with ${arn} failed by ${name}: ${message || 'no answer'}. ${cureOf(name, action)}`,
    )
  } finally {
    kms.client.destroy()
  }
}

function cureOf(name: string, action: string): string {
  if (name === 'AccessDeniedException') return `Allow ${action} on that key to the credentials that the platform runs with`
  if (/Credentials|Token|Signature|UnrecognizedClient/.test(name)) return 'Give the platform AWS credentials, in its environment, a profile or a role'
  if (name === 'NotFoundException') return 'Name a key that is there, in its own account and Region'
  if (name === 'DisabledException' || name === 'KMSInvalidStateException') return 'Enable the key, or cancel its deletion, and start again'
  if (name === 'InvalidCiphertextException' || name === 'IncorrectKeyException')
    return 'The wrapped key is not of this KMS key or was altered: restore master-key.kms from a backup'
  return 'Nothing can be read without it: make AWS KMS reachable and start again'
}

function wrappedIn(path: string): Readonly<Record<string, string>> {
  if (!existsSync(path)) return {}
  let found: unknown
  try {
    found = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    found = undefined
  }
  if (typeof found !== 'object' || found === null || !Object.values(found).every((value) => typeof value === 'string'))
    throw fault(`${path} is no JSON object from ARNs of KMS keys to wrapped keys; restore it from a backup`)
  return Object.assign(Object.create(null), found)
}

const fault = (message: string) => new PortError('master-key', 'unreadable', message)
