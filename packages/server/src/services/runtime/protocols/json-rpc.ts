// JSON-RPC 2.0, as far as a platform between client and server reads it: the method, and the id that a refusal must carry.

export interface RpcRequest {
  id: string | number | null
  method: string | undefined
}

const unknown: RpcRequest = { id: null, method: undefined }

/** Of what is in memory anyway; a payload that streams is passed on unread, and a refusal of it has no id. */
export function rpcRequest(payload: unknown): RpcRequest {
  if (!Buffer.isBuffer(payload)) return unknown
  try {
    const parsed = JSON.parse(payload.toString('utf8')) as { id?: unknown; method?: unknown } | null
    return {
      id: typeof parsed?.id === 'string' || typeof parsed?.id === 'number' ? parsed.id : null,
      method: typeof parsed?.method === 'string' ? parsed.method : undefined,
    }
  } catch {
    return unknown
  }
}

export const rpcError = (id: RpcRequest['id'], code: number, message: string) => ({ jsonrpc: '2.0', id, error: { code, message } })
