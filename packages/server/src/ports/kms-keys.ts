// Keys that lie in AWS KMS on AWS: what an ARN means here, the operator says.

export type KmsSigningAlgorithm = 'RS256' | 'PS256' | 'ES256'

/** Signs one JWT. `header` is beside `alg` and `typ`. */
export type SignJwt = (claims: Readonly<Record<string, unknown>>, header: Readonly<Record<string, string>>) => Promise<string>

export interface KmsKeys {
  /** Throws PortError('kms-keys', 'unknown' | 'unreadable') with what the operator is to write where. */
  signer(kmsKeyArn: string, algorithm: KmsSigningAlgorithm): Promise<SignJwt>
  /** 32 bytes. Throws as `signer` does. At once, for it is asked for inside transactions, which wait for nothing else. */
  symmetricKey(kmsKeyArn: string): Uint8Array
}
