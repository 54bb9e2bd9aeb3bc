// Terminals come from a prebuilt native library: nothing is compiled on the user's machine, and not every machine has a build.
import { access } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Guarantee } from '#ports/sandbox.js'

/** The folders of the library and of its build for this host, by package name. */
export interface TerminalLibrary {
  main: string
  folders: ReadonlyMap<string, string>
}

export const noTerminal = {
  detail: `@lydell/node-pty has no build for ${process.platform}-${process.arch} in node_modules: shells (/ws/shells) are refused, commands work`,
  fix: 'npm install without --omit=optional, on x64 or arm64 with glibc 2.28 or newer',
} as const

/** `undefined` when this host has no build of it. */
export function terminalLibrary(): TerminalLibrary | undefined {
  const here = createRequire(import.meta.url)
  try {
    const main = dirname(here.resolve('@lydell/node-pty/package.json'))
    const build = `@lydell/node-pty-${process.platform}-${process.arch}`
    return {
      main,
      folders: new Map([
        ['@lydell/node-pty', main],
        [build, dirname(createRequire(`${main}/index.js`).resolve(`${build}/package.json`))],
      ]),
    }
  } catch {
    return undefined
  }
}

/** What commands and shells of a session need of this host, for `doctor`. */
export async function shellsWork(): Promise<Guarantee> {
  const name = 'commands and shells inside sessions'
  const missingBash = await access('/bin/bash').then(
    () => false,
    () => true,
  )
  if (missingBash)
    return { name, holds: false, detail: '/bin/bash is missing: InvokeAgentRuntimeCommand and shells are refused', fix: 'apt-get install bash' }
  if (!terminalLibrary()) return { name, holds: false, ...noTerminal }
  return { name, holds: true, detail: '/bin/bash, and a terminal library for this host' }
}
