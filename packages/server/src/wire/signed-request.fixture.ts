// Signing as the AWS SDKs do it, for tests.
import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AccessKey, AccessKeys } from '#ports/callers.js'

/** The SDK's signer takes its hashes by this interface. */
export class Sha256 {
  readonly #sink
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#sink =
      secret === undefined ? createHash('sha256') : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array))
  }
  update(data: Uint8Array): void {
    this.#sink.update(data)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#sink.digest())
  }
  reset(): void {}
}

export const accessKeyId = 'AKIDEXAMPLE'
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

export const rootKey: AccessKey = {
  caller: { kind: 'root', account: '000000000000', region: '*', accessKeyId, principalArn: 'arn:aws:iam::000000000000:root' },
  secretAccessKey,
}

export const rootKeys: AccessKeys = { find: (id) => (id === accessKeyId ? rootKey : undefined) }

/** `sendHash`: whether x-amz-content-sha256 is sent, as the JavaScript SDK and s3 clients do and boto3 does not. */
export function requestSigner(
  service: string,
  { sendHash, region = 'us-east-1', sessionToken }: { sendHash: boolean; region?: string; sessionToken?: string },
) {
  const credentials = { accessKeyId, secretAccessKey, sessionToken }
  return new SignatureV4({ credentials, region, service, sha256: Sha256, uriEscapePath: service !== 's3', applyChecksum: sendHash })
}

export const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')
