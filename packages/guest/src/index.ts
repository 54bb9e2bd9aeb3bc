// Where the programs lie that run inside a session. They are plain CommonJS JavaScript and Python, one file each, so that they
// start from source as from dist, without a compile step, on whatever interpreter the session has.
import { fileURLToPath } from 'node:url'

export interface GuestPrograms {
  /** Folder that holds every JavaScript program below. */
  dir: string
  forwarder: string
  exec: string
  preload: string
  probe: string
  /** Runs beside the sandboxes, in a namespace of its own. */
  resolver: string
  /** Folder that holds `sitecustomize.py`. */
  pythonDir: string
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export const guestPrograms: GuestPrograms = {
  dir: here('./programs'),
  forwarder: here('./programs/forwarder.cjs'),
  exec: here('./programs/exec.cjs'),
  preload: here('./programs/preload.cjs'),
  probe: here('./programs/probe.cjs'),
  resolver: here('./programs/resolver.cjs'),
  pythonDir: here('../python'),
}
