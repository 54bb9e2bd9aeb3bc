// Who the request says it is from and for which service. Nothing here is believed yet.
export interface CredentialClaim {
  accessKeyId: string
  /** yyyymmdd of the credential scope. */
  day: string
  region: string
  service: string
  signedHeaders: readonly string[]
  signature: string
  /** yyyymmddThhmmssZ: x-amz-date or X-Amz-Date. */
  amzDate: string
  sessionToken: string | undefined
  /** Presigned: from the query string; seconds the URL is good for. */
  presigned: { expiresSeconds: number } | undefined
}
