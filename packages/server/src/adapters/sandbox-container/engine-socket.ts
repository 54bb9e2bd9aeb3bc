// Where a Docker Engine, or a Podman that speaks its API, listens on this host.
import { stat } from 'node:fs/promises'

export type EngineSocket = { path: string } | { path: undefined; reason: string; fix: string }

type Environment = Readonly<Record<string, string | undefined>>

/** DOCKER_HOST when it is set, else the first socket that is there. */
export async function engineSocket(env: Environment): Promise<EngineSocket> {
  const wish = env.DOCKER_HOST
  if (wish) return wished(wish)
  const mine = env.XDG_RUNTIME_DIR
  const usual = ['/var/run/docker.sock', '/run/podman/podman.sock', ...(mine ? [`${mine}/docker.sock`, `${mine}/podman/podman.sock`] : [])]
  for (const path of usual) if (await isSocket(path)) return { path }
  return {
    path: undefined,
    reason: 'no Docker Engine listens on this host, and no Podman',
    fix: 'apt-get install docker.io && systemctl start docker (or: systemctl start podman.socket), or set DOCKER_HOST to its socket',
  }
}

async function wished(wish: string): Promise<EngineSocket> {
  const path = /^unix:\/\/(\/.+)$/.exec(wish)?.[1]
  // Across a network the sandbox's own network could not be entered, and its sockets not be reached.
  if (path === undefined)
    return { path, reason: `DOCKER_HOST is ${wish}, which is no unix socket of this host`, fix: 'DOCKER_HOST=unix:///var/run/docker.sock' }
  if (await isSocket(path)) return { path }
  return {
    path: undefined,
    reason: `DOCKER_HOST names ${path}, where no socket is`,
    fix: 'start the engine that listens there, or unset DOCKER_HOST',
  }
}

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isSocket(),
    () => false,
  )
}
