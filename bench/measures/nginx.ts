// Told beside the bare node:http proxy: what nginx makes of the same way. Only where this host has it.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ended } from '../processes.ts'

export interface Nginx {
  url: URL
  stop(): Promise<void>
}

export async function nginxProxy(socketPath: string): Promise<Nginx | undefined> {
  if (spawnSync('nginx', ['-v']).status !== 0) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'aw-nginx-'))
  const port = await freePort()
  writeFileSync(join(dir, 'nginx.conf'), configuration(dir, { port, socketPath }))
  const child = spawn('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', join(dir, 'error.log')], { stdio: 'ignore' })
  const url = new URL(`http://127.0.0.1:${port}`)
  for (let tries = 0; tries < 200; tries += 1) {
    if (
      await fetch(new URL('/ping', url)).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break
    await delay(10)
  }
  return {
    url,
    async stop() {
      await ended(child, 'SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const configuration = (dir: string, { port, socketPath }: { port: number; socketPath: string }) => `
daemon off;
user root;
worker_processes 1;
pid ${dir}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  keepalive_requests 1000000;
  upstream agent { server unix:${socketPath}; keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://agent/invocations; proxy_http_version 1.1; proxy_set_header Connection ""; }
    location = /ping { proxy_pass http://agent/ping; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address !== 'string' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
