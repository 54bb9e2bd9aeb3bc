// What a probe's sandbox tries to reach: a server that would notice the visit.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'

export async function answering(where: { path: string } | { host: string; port: number }): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(204).end())
  server.listen(where)
  await once(server, 'listening')
  return server
}
