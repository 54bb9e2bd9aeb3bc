// A volume that is only a folder can grow past its bound: then its session ends, and is told why.
import { noteToAgent } from './agent-note.js'
import { storageMeasureMs } from './limits.js'
import type { RuntimeWorld } from './ports.js'
import type { Session } from './session.js'

/** Watches until the session ends; calls `end` once with the reason. */
export function watchStorage(world: RuntimeWorld, session: Session, end: (reason: string) => void): void {
  const { clock, sessionStorage } = world
  const volume = session.storage?.volume
  if (volume?.kind !== 'folder') return
  const measure = async () => {
    const used = await sessionStorage.usedBytes(volume)
    if (session.ending.signal.aborted) return
    if (used <= sessionStorage.bytes) {
      cancel = clock.after(storageMeasureMs, () => void measure())
      return
    }
    const held = used === Number.POSITIVE_INFINITY ? 'has a folder that its own user cannot read' : `holds ${used} bytes`
    const reason = `its storage ${held}, and ${sessionStorage.bytes} bytes are allowed`
    noteToAgent(world, session, `The session ends: ${reason}. Delete what is not needed within the first seconds of its next start.`)
    end(reason)
  }
  let cancel = clock.after(storageMeasureMs, () => void measure())
  session.ending.signal.addEventListener('abort', () => cancel(), { once: true })
}
