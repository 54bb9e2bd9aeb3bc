// Starts platform.fixture.ts as a process of its own.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// Node strips types but asks for the real file names; our imports name what the compiler will make.
const hook = `import { registerHooks } from 'node:module'
registerHooks({ resolve(name, context, next) {
  try { return next(name, context) } catch (error) { if (!name.startsWith('./')) throw error; return next(name.replace(/\\.js$/, '.ts'), context) }
} })`

/** `more`: what it inherits beyond its three descriptors. */
export function startPlatform(level: string, runtimeDir: string, codeDir: string, more: (number | 'ignore')[] = []): ChildProcess {
  const program = fileURLToPath(new URL('./platform.fixture.ts', import.meta.url))
  const flags = [
    '--conditions=agentworks-source',
    '--disable-warning=ExperimentalWarning',
    '--import',
    `data:text/javascript,${encodeURIComponent(hook)}`,
  ]
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', ...more]
  return spawn(process.execPath, [...flags, program, level, runtimeDir, codeDir], { stdio })
}
