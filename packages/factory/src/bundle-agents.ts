// Build step: both agents with everything they import, each in one file. An artifact of one file uploads and starts fast.

import { mkdir, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type AgentBundleName, bundlesFolder } from './agent-bundles.js'

const names: AgentBundleName[] = ['builder', 'generic']
const sourceFolder = fileURLToPath(new URL('../src/agents/', import.meta.url))

/** Writes `builder.mjs` and `generic.mjs`; the output depends on nothing but the sources and the locked dependencies. */
export async function bundleAgents(outdir: string = bundlesFolder): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => ({ in: `${sourceFolder}${name}.ts`, out: name })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    conditions: ['agentworks-source'],
    // CommonJS dependencies reach for `require` of node's own modules.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    logLevel: 'warning',
    write: false,
  })
  await mkdir(outdir, { recursive: true })
  for (const { path, contents } of outputFiles) await writeWhole(path, contents)
}

/** A reader, or a second build at the same time, never meets half a file. */
async function writeWhole(path: string, contents: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, contents)
  await rename(draft, path)
}
