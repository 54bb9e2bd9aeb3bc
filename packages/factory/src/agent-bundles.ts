// The two agents as deployable artifacts: a single file each, zipped so that equal code is equal bytes.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { ZipFile } from 'yazl'

export type AgentBundleName = 'builder' | 'generic'

/** Beside the compiled library; the same folder when this file runs from its source. */
export const bundlesFolder = fileURLToPath(new URL('../dist/agents-bundled/', import.meta.url))

export interface AgentBundle {
  name: AgentBundleName
  /** Object key: named by the content, so that it never changes once written. */
  key: string
  /** Made when it is needed: an installation that is up to date never zips. */
  zip(): Promise<Buffer>
}

export async function agentBundle(name: AgentBundleName): Promise<AgentBundle> {
  const file = `${bundlesFolder}${name}.mjs`
  const code = await readFile(file).catch((cause: unknown) => {
    throw new Error(`the ${name} agent is not built: ${file} is missing; run: npm run build`, { cause })
  })
  const hash = createHash('sha256').update(code).digest('hex')
  return { name, key: `${name}-${hash.slice(0, 32)}.zip`, zip: () => zipped(code) }
}

async function zipped(code: Buffer): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addBuffer(code, 'main.mjs', { mtime: new Date('2026-01-01T00:00:00Z'), mode: 0o100644 })
  zip.end()
  return buffer(zip.outputStream)
}
