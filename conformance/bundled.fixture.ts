import { join } from 'node:path'
import { build } from 'esbuild'

/** A program of conformance/guests with all that it imports, as one file for an agent's zip. */
export async function bundled(guest: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, `guests/${guest}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    write: false,
    external: ['bufferutil', 'utf-8-validate'],
  })
  return Buffer.from(outputFiles[0]?.contents ?? [])
}
