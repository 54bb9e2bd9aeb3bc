// What Strands hands over to be kept, as far as it is looked at here: `SnapshotStorage` and `Snapshot` of @strands-agents/sdk.
// biome-ignore lint/suspicious/noExplicitAny: Strands' own JSONValue, which must go in and out without a cast.
type Json = any

export interface StrandsSnapshot {
  scope: 'agent' | 'multiAgent'
  schemaVersion: string
  createdAt: string
  data: Record<string, Json>
  appData: Record<string, Json>
}

interface Location {
  sessionId: string
  scope: 'agent' | 'multiAgent'
  scopeId: string
}

/** `new SessionManager({ sessionId, storage: { snapshot: … } })`. */
export interface StrandsSnapshotStorage {
  saveSnapshot(params: { location: Location; snapshotId: string; isLatest: boolean; snapshot: StrandsSnapshot }): Promise<void>
  loadSnapshot(params: { location: Location; snapshotId?: string }): Promise<StrandsSnapshot | null>
  listSnapshotIds(params: { location: Location; limit?: number; startAfter?: string }): Promise<string[]>
  deleteSession(params: { sessionId: string }): Promise<void>
  loadManifest(params: { location: Location }): Promise<{ schemaVersion: string; updatedAt: string }>
  saveManifest(params: { location: Location; manifest: { schemaVersion: string; updatedAt: string } }): Promise<void>
}

export interface StrandsMessage {
  role: 'user' | 'assistant'
  content: readonly Json[]
}

/** The words of a message; calls of tools and what they returned are none. */
export function wordsOf({ content }: StrandsMessage): string {
  return content.flatMap((block) => (typeof block?.text === 'string' ? [block.text] : [])).join('\n')
}
