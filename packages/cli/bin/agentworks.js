#!/usr/bin/env -S node --
// Plain JavaScript that any Node can parse: finds a Node that can run the platform, and hands over to it.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  await run()
} else {
  const pinned = pinnedNode()
  if (pinned) handOver(pinned)
  else {
    process.stderr.write(
      `agentworks needs Node 22.18 or newer; this is ${process.version} (${process.execPath}), and no pinned Node was found.\n` +
        'fix: run "npm ci" in the agentworks folder (it brings its own Node), or install Node 24 from nodejs.org\n',
    )
    process.exitCode = 1
  }
}

async function run() {
  const { main } = await import('../dist/main.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist')) throw error
    process.stderr.write(`agentworks is not built (${error.message}).\nfix: npm run build\n`)
    process.exit(1)
  })
  process.exitCode = await main(process.argv.slice(2))
}

function pinnedNode() {
  const { platform, arch } = process
  const file = platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const require = createRequire(import.meta.url)
  for (const name of [`node-${platform === 'win32' ? 'win' : platform}-${arch}`, `node-bin-${platform}-${arch}`]) {
    try {
      return require.resolve(`${name}/${file}`)
    } catch {
      // not installed for this platform: the next name, else the message above
    }
  }
  return undefined
}

function handOver(node) {
  // As in the first line: without `--`, Node takes some options that stand behind the script, --env-file among them, for its own.
  const child = spawn(node, ['--', ...process.argv.slice(1)], { stdio: 'inherit' })
  // A terminal sends these to both; a supervisor only to us.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`cannot run ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1)
  })
}
