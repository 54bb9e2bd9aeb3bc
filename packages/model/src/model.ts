// AWS's model as data: what tools/generate-model writes and the wire compiles its codecs from.

export type Location = 'label' | 'query' | 'header' | 'status' | 'payload'

export interface Member {
  shape: string
  required?: true
  /** Where it travels; absent: in the JSON body. */
  at?: Location
  /** Query parameter or header name; absent: the member's own name. */
  wire?: string
  sensitive?: true
  /** The SDKs fill it with a fresh UUID when the caller gives none. */
  token?: true
}

export type Shape =
  | { kind: 'structure'; members: Readonly<Record<string, Member>>; status?: number }
  | { kind: 'union'; members: Readonly<Record<string, Member>>; events?: true }
  | { kind: 'list'; element: string; min?: number; max?: number }
  | { kind: 'map'; key: string; value: string; min?: number; max?: number }
  | { kind: 'string'; min?: number; max?: number; pattern?: string; enum?: readonly string[] }
  | { kind: 'integer' | 'long'; min?: number; max?: number }
  | { kind: 'float'; min?: number; max?: number }
  /** `default` is epoch seconds in bodies, http-date in headers, date-time in queries. */
  | { kind: 'timestamp'; format: 'default' | 'date-time' | 'http-date' | 'epoch-seconds' }
  | { kind: 'blob'; min?: number; max?: number }
  | { kind: 'boolean' | 'document' | 'blob-stream' }

export interface Operation {
  name: string
  plane: 'control' | 'data'
  method: string
  /** `/runtimes/{agentRuntimeId}/`; every label is one whole segment. */
  uri: string
  /** Success status when the output has no status member of its own. */
  code: number
  input: string
  output: string
  /** The errors that AWS declares for it. */
  errors: readonly string[]
  paginated?: true
  /** The payload is handed over as a stream of at most this many bytes. */
  streamsUpTo?: number
}

export interface ServiceModel {
  /** The credential scope that its clients sign with. */
  readonly service: string
  readonly operations: Readonly<Record<string, Operation>>
  readonly shapes: Readonly<Record<string, Shape>>
}
