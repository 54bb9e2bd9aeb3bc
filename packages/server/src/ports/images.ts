// Container images of the local store. Nothing is pulled: what an address names must be here already, under that very name.

export interface Image {
  /** `sha256:...`: stays the same image whatever its name is moved to. */
  id: string
  os: string
  /** As Go names it: `amd64`, `arm64`. */
  architecture: string
  sizeBytes: number
}

export type EngineAvailability = { ok: true; engine: string; architecture: string } | { ok: false; reason: string; fix: string }

export interface Images {
  /** Asked each time: an engine may be started while the platform runs. */
  available(): Promise<EngineAvailability>
  /** `undefined` when the store has none of that name or id. PortError('images', 'unavailable') when no engine answers. */
  find(name: string): Promise<Image | undefined>
  /** Gives an image of the store a further name. `undefined` when there is no such image. */
  tag(source: string, name: string): Promise<Image | undefined>
}
