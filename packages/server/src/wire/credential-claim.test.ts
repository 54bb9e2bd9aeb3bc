import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readCredentialClaim } from './credential-claim.js'
import type { WireRequest } from './exchange.js'

const signature = 'a'.repeat(64)
const header = `AWS4-HMAC-SHA256 Credential=AKID/20261120/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`

function request(authorization: string | undefined, rawQuery = '', amzDate: string | undefined = '20261120T120000Z'): WireRequest {
  return {
    method: 'GET',
    rawPath: '/',
    rawQuery,
    headers: { authorization, 'x-amz-date': amzDate },
    rawHeaders: [],
    body: Readable.from([]),
    httpVersionMajor: 1,
    scheme: 'http',
    entrance: { kind: 'port' },
  }
}

describe('a credential claim', () => {
  it('is read from the Authorization header, with or without spaces after commas', () => {
    const expected = {
      kind: 'signature',
      accessKeyId: 'AKID',
      day: '20261120',
      region: 'us-east-1',
      service: 'sts',
      signedHeaders: ['host', 'x-amz-date'],
      signature,
      amzDate: '20261120T120000Z',
      sessionToken: undefined,
      presigned: undefined,
    }
    expect(readCredentialClaim(request(header))).toEqual(expected)
    expect(readCredentialClaim(request(header.replaceAll(', ', ',')))).toEqual(expected)
  })

  it('is read from a presigned query', () => {
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261120%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261120T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=t%2B1&X-Amz-Signature=${signature}`
    expect(readCredentialClaim(request(undefined, query, undefined))).toMatchObject({
      service: 's3',
      presigned: { expiresSeconds: 60 },
      sessionToken: 't+1',
    })
  })

  it('is absent when nothing is signed, and bearer tokens are told apart', () => {
    expect(readCredentialClaim(request(undefined))).toBeUndefined()
    expect(readCredentialClaim(request('Bearer abc'))).toBe('bearer')
  })

  it.each([
    ['AWS4-HMAC-SHA256 nothing', /requires 'Credential' parameter. Authorization header requires 'Signature' parameter/],
    [header.replace('/aws4_request', ''), /must have the form/],
    [header.replace('us-east-1', '../x'), /must have the form/],
    [header.replace(signature, 'zz'), /64 lower-case/],
    ['AWS4-ECDSA-P256-SHA256 Credential=x', /Unsupported signing algorithm: AWS4-ECDSA-P256-SHA256/],
    ['Basic YTpi', /Unsupported signing algorithm: Basic/],
    ['AWS AKID:sig=', /Unsupported signing algorithm: AWS/],
  ])('refuses %s and says what is wrong', (authorization, message) => {
    expect(() => readCredentialClaim(request(authorization))).toThrow(message)
    expect(() => readCredentialClaim(request(authorization))).toThrow(expect.objectContaining({ code: 'IncompleteSignatureException', status: 400 }))
  })

  it('refuses a request without date, signed twice, or with half a presigned query', () => {
    expect(() => readCredentialClaim({ ...request(header), headers: { authorization: header } })).toThrow(/X-Amz-Date/)
    expect(() => readCredentialClaim(request(header, 'X-Amz-Signature=1'))).toThrow(/signed twice/)
    expect(() => readCredentialClaim(request('Bearer abc', 'X-Amz-Signature=1'))).toThrow(/signed twice/)
    expect(() => readCredentialClaim(request(undefined, 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=1'))).toThrow(
      /lacks X-Amz-Credential, X-Amz-Expires/,
    )
  })

  it('tells the user of an old presigned URL how to make a new one', () => {
    expect(() => readCredentialClaim(request(undefined, 'AWSAccessKeyId=AKID&Signature=x%3D&Expires=1'))).toThrow(/signature_version='s3v4'/)
  })
})
