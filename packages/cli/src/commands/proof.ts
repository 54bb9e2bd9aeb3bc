// The proof of the main job, shown as it goes.
import { type PlatformAccess, proveMainJob } from '@agentworks/factory'
import type { Invoked } from '#core/invoked.js'

/** Returns the transcript; throws ProofFailed at the first step that does not hold. */
export async function showProof({ out, world }: Invoked, access: PlatformAccess, { withMemory = false } = {}): Promise<string[]> {
  const transcript: string[] = []
  for await (const line of proveMainJob({ ...access, withMemory, newSessionId: world.newSessionId, signal: world.stopped })) {
    transcript.push(line)
    out.line(line)
  }
  return transcript
}
