// What a hosts file and a redirected port 443 do on a user's machine: connections for whatever name go to the platform's TLS port.
import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import type { RunningPlatform } from './platform.fixture.ts'

export interface TlsNote {
  url: string
  authority?: { path: string; bundlePath: string }
  hosts: string[]
}

export function tlsOf({ dataDir }: Pick<RunningPlatform, 'dataDir'>): TlsNote {
  return JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')).tls
}

export function everyHostIs({ url }: TlsNote, caPath: string): Agent {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ ca: readFileSync(caPath) })
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, done) => connect({ ...options, host: hostname, port: Number(port) }, done)
  return agent
}
