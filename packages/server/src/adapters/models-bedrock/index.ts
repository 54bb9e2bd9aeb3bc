// Amazon Bedrock itself, with credentials that the user had before ours. Never ourselves: the endpoint is AWS's own or the one given here.

import type { ConverseStreamOutput } from '@agentworks/model'
import type { ConverseStreamCommandInput } from '@aws-sdk/client-bedrock-runtime'
import { type ErrorCode, errorStatus, ServiceError } from '#kernel/errors.js'
import { malformedAnswer, modelFault } from '#ports/model-faults.js'
import type { ModelProvider } from '#ports/model-provider.js'

export interface BedrockOptions {
  region: string
  /** Absent: the SDK's own chain, which knows profiles, roles and the rest. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  /** Default: AWS's endpoint of the Region. AWS_ENDPOINT_URL is not looked at: inside our own environment it means us. */
  endpoint?: string
}

export function bedrockModels({ region, credentials, endpoint }: BedrockOptions): ModelProvider {
  const provider = 'bedrock'
  let loaded: Promise<Loaded> | undefined

  async function load(): Promise<Loaded> {
    const { BedrockRuntimeClient, ConverseStreamCommand } = await import('@aws-sdk/client-bedrock-runtime')
    const client = new BedrockRuntimeClient({
      region,
      endpoint: endpoint ?? `https://bedrock-runtime.${region}.amazonaws.com`,
      // Retries belong to the caller's SDK: hidden ones here would multiply with its own.
      maxAttempts: 1,
      ...(credentials && { credentials }),
    })
    // The shapes are AWS's on both sides; only the SDK's types mark members that its own serializer fills.
    return (input, signal) => client.send(new ConverseStreamCommand(input as ConverseStreamCommandInput), { abortSignal: signal })
  }

  return {
    name: provider,
    async *converse(modelId, request, signal) {
      loaded ??= load()
      const send = await loaded
      let hasAnswered = false
      try {
        const { stream } = await send({ ...request, modelId }, signal)
        hasAnswered = true
        if (!stream) throw malformedAnswer(provider, modelId, 'it has no stream')
        for await (const event of stream) yield event as ConverseStreamOutput
      } catch (error) {
        signal.throwIfAborted()
        throw translated(error, modelId, hasAnswered)
      }
    },
  }
}

type Loaded = (input: object, signal: AbortSignal) => Promise<{ stream?: AsyncIterable<unknown> | undefined }>

function translated(cause: unknown, modelId: string, hasAnswered: boolean): ServiceError {
  if (cause instanceof ServiceError) return cause
  const { name, message, status } = partsOf(cause)
  if (name === 'TimeoutError') return modelFault({ provider: 'bedrock', modelId, timedOut: true, cause })
  // Signature and token errors would tell the caller about keys that are not the caller's.
  if (status === 401 || status === 403) return modelFault({ provider: 'bedrock', modelId, status, cause })
  if (name === 'CredentialsProviderError') return modelFault({ provider: 'bedrock', modelId, status: 401, cause })
  // Theirs, not ours: an InternalServerException would say that this platform broke.
  if (name === 'InternalServerException') return modelFault({ provider: 'bedrock', modelId, status: 500, said: message, cause })
  if (isErrorCode(name)) return new ServiceError(name, message, { cause })
  if (hasAnswered || status === 200) return malformedAnswer('bedrock', modelId, 'it broke off or holds no events', cause)
  return status === undefined
    ? modelFault({ provider: 'bedrock', modelId, cause })
    : modelFault({ provider: 'bedrock', modelId, status, said: message, cause })
}

function partsOf(error: unknown): { name: string; message: string; status: number | undefined } {
  if (!(error instanceof Error)) return { name: '', message: String(error), status: undefined }
  const metadata = '$metadata' in error && typeof error.$metadata === 'object' ? error.$metadata : undefined
  const status = metadata && 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
  return { name: error.name, message: error.message, status }
}

function isErrorCode(name: string): name is ErrorCode {
  return name in errorStatus
}
