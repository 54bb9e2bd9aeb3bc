// Storage that outlives the instance of a session: one volume for each session, of bounded size.
import type { Guarantee } from './sandbox.js'

export interface Volume {
  id: string
  /** `image`: a file that holds a file system of its own, whose size is the bound. `folder`: a folder of the host, to be measured while it is used. */
  kind: 'image' | 'folder'
  path: string
}

export interface SessionStorage {
  /** What a volume may hold. */
  readonly bytes: number
  /**
   * The volume of that id, made when it is missing. Resolves once nothing holds it any more: two instances never share one.
   * PortError('session-storage', code): `in-use`, `no-space`, `cannot-open`.
   */
  open(id: string): Promise<Volume>
  /** What a `folder` holds now, Infinity when a part of it cannot be read; 0 for an `image`, which cannot hold too much. */
  usedBytes(volume: Volume): Promise<number>
  /** Safe when there is none. */
  remove(id: string): Promise<void>
  /** Of every volume that is kept. */
  ids(): Promise<string[]>
  /** Says how volumes are bounded on this host. */
  probe(): Promise<Guarantee[]>
}
