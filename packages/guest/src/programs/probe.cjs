// Tries from inside what the isolation promises, and prints one JSON line: [{ name, holds, detail }].
// Run as the agent of a throw-away sandbox; HOST_FILE, HOST_PID and HOST_PORT name things of the host that must be out of reach.
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')

/** @typedef {{ name: string, holds: boolean, detail: string }} Finding */

const host = { file: process.env.HOST_FILE ?? '', pid: process.env.HOST_PID ?? '', port: Number(process.env.HOST_PORT) }

/**
 * @param {string} name
 * @param {() => unknown} attempt what must fail
 * @returns {Finding}
 */
function refused(name, attempt) {
  try {
    const got = attempt()
    return { name, holds: false, detail: `allowed: ${String(got)}` }
  } catch (error) {
    return { name, holds: true, detail: `refused: ${error instanceof Error && 'code' in error ? error.code : error}` }
  }
}

/** @returns {Finding} */
function ownProcesses() {
  const seen = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return { name: 'own process namespace', holds: process.pid < 10 && !seen.includes(host.pid), detail: `sees ${seen.length} processes` }
}

/** @returns {Finding} */
function noCapabilities() {
  const status = fs.readFileSync('/proc/self/status', 'utf8')
  const sets = [...status.matchAll(/^Cap(?:Prm|Eff|Bnd|Amb):\s*(\w+)$/gm)].map((match) => match[1])
  const locked = /^NoNewPrivs:\s*1$/m.test(status)
  return { name: 'no capabilities, no new privileges', holds: locked && sets.every((set) => /^0+$/.test(set ?? '1')), detail: sets.join(' ') }
}

/** @returns {Finding} */
function systemCallsFiltered() {
  const mode = /^Seccomp:\s*(\d)$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1]
  const detail = mode === '2' ? 'keyrings, bpf, io_uring, mounts, namespaces and others are refused' : 'this host has no filter for them'
  return { name: 'system calls that no agent needs are refused', holds: mode === '2', detail }
}

/** @returns {Finding} */
function noNestedNamespace() {
  const name = 'no new user namespace'
  const tried = spawnSync('unshare', ['--user', 'true'])
  if (!tried.error) return { name, holds: tried.status !== 0, detail: tried.stderr.toString().trim() || 'allowed' }
  const limit = fs.readFileSync('/proc/sys/user/max_user_namespaces', 'utf8').trim()
  return { name, holds: limit === '0', detail: `unshare is missing; max_user_namespaces is ${limit}` }
}

/** @returns {Finding} */
function cleanEnvironment() {
  const names = Object.keys(process.env).sort().join(' ')
  // A shell of some hosts cannot help naming the program that it starts.
  const supervisor = fs.readFileSync('/proc/1/environ', 'utf8')
  return {
    name: 'environment is only what was given',
    holds: supervisor.replace(/^_=[^\0]*\0$/, '') === '' && names === (process.env.EXPECTED_NAMES ?? ''),
    detail: names,
  }
}

function fillTemporary() {
  const piece = Buffer.alloc(1 << 20)
  for (let index = 0; index < 16; index++) fs.appendFileSync('/tmp/fill', piece)
  return '16 MiB written where 1 MiB is the limit'
}

/** @returns {Promise<Finding>} */
function noHostLoopback() {
  const name = 'host loopback out of reach'
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port: host.port })
    socket.on('connect', () => resolve({ name, holds: false, detail: 'connected' }))
    socket.on('error', (error) => resolve({ name, holds: true, detail: `refused: ${'code' in error ? error.code : error.message}` }))
  })
}

/** @returns {Promise<Finding>} */
function platformReachable() {
  const name = 'platform reachable from inside'
  return new Promise((resolve) => {
    const request = http.get('http://127.0.0.1:4680/', (response) => {
      response.resume()
      resolve({ name, holds: response.statusCode === 204, detail: `answered ${response.statusCode}` })
    })
    request.on('error', (error) => resolve({ name, holds: false, detail: error.message }))
  })
}

const limits = /** @type {{ memory?: number, cpu?: number, pids?: number }} */ (JSON.parse(process.env.LIMITS ?? '{}'))

/** @returns {Finding} */
function memoryLimited() {
  const name = 'memory is limited'
  // Twice the limit, page by page, and outside of JavaScript's own heap, which has a bound of its own.
  const eat = `const kept = []; for (let n = 0; n < ${(limits.memory ?? 0) >> 19}; n++) kept.push(Buffer.alloc(1 << 20, 1))`
  const { signal } = spawnSync(process.execPath, ['-e', eat])
  return { name, holds: signal === 'SIGKILL', detail: signal ? `beyond the limit the kernel sent ${signal}` : 'twice the limit was allocated' }
}

/** @returns {Finding} */
function processorLimited() {
  const name = 'processor time is limited'
  const from = { cpu: process.cpuUsage(), at: performance.now() }
  while (performance.now() - from.at < 500) Math.random()
  const { user, system } = process.cpuUsage(from.cpu)
  const share = (user + system) / 1000 / (performance.now() - from.at)
  return { name, holds: share < (limits.cpu ?? 0) * 1.5, detail: `${share.toFixed(2)} processors used where ${limits.cpu} is the limit` }
}

/** @returns {Finding} */
function processesLimited() {
  const name = 'processes are limited'
  const fork = `n=0; while [ $n -lt ${2 * (limits.pids ?? 0)} ]; do sleep 9 >/dev/null & n=$((n+1)); echo $n; done`
  const { stdout, status } = spawnSync('/bin/sh', ['-c', fork], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' })
  const started = stdout.trim().split('\n').length
  return { name, holds: status !== 0, detail: status === 0 ? `${started} started` : `refused after ${started}` }
}

async function probe() {
  return [
    ownProcesses(),
    refused('host files out of sight', () => fs.readFileSync(host.file)),
    await noHostLoopback(),
    noCapabilities(),
    systemCallsFiltered(),
    noNestedNamespace(),
    refused('root is read-only', () => fs.writeFileSync('/probe', '')),
    refused('system folders are read-only', () => fs.writeFileSync('/usr/probe', '')),
    refused('code is read-only', () => fs.writeFileSync('/var/task/probe', '')),
    refused('temporary folder is bounded', fillTemporary),
    cleanEnvironment(),
    await platformReachable(),
    ...(limits.cpu ? [processorLimited()] : []),
    ...(limits.memory ? [memoryLimited()] : []),
    // Last: afterwards there is no room for another process.
    ...(limits.pids ? [processesLimited()] : []),
  ]
}

probe().then((findings) => {
  console.log(JSON.stringify(findings))
  process.exit()
})
