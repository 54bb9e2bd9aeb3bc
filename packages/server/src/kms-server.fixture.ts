// AWS KMS's wire (awsJson1.1) for the two calls that a master key needs, on loopback. Written from the API reference: AWS itself was never asked.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Request {
  KeyId: string
  NumberOfBytes?: number
  CiphertextBlob?: string
  EncryptionContext?: Record<string, string>
}

export async function kmsServer(arns: readonly string[]) {
  const keys = new Map(arns.map((arn) => [arn, randomBytes(32)]))
  const calls: string[] = []
  /** Errors that are answered in place of a key, by their code. */
  let refusal: string | undefined
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target'])
    calls.push(action)
    const { status, body } = answer(action, JSON.parse(await textOf(request)))
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  })
  const ready = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', ready.resolve)
  await ready.promise

  function answer(action: string, { KeyId, NumberOfBytes = 0, CiphertextBlob = '', EncryptionContext = {} }: Request) {
    if (refusal) return refused(refusal)
    const key = keys.get(KeyId)
    if (!key) return refused('NotFoundException')
    const context = Buffer.from(JSON.stringify(EncryptionContext))
    if (action === 'TrentService.GenerateDataKey') {
      const [plain, nonce] = [randomBytes(NumberOfBytes), randomBytes(12)]
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context)
      const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
      return { status: 200, body: { KeyId, Plaintext: plain.toString('base64'), CiphertextBlob: sealed.toString('base64') } }
    }
    const sealed = Buffer.from(CiphertextBlob, 'base64')
    try {
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(context).setAuthTag(sealed.subarray(-16))
      const plain = Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()])
      return { status: 200, body: { KeyId, Plaintext: plain.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' } }
    } catch {
      return refused('InvalidCiphertextException')
    }
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    refuse(code: string | undefined) {
      refusal = code
    },
    async close() {
      server.closeAllConnections()
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}

const refused = (code: string) => ({ status: 400, body: { __type: code, message: `refused by ${code}` } })

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
