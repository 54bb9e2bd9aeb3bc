import { type PlatformClients, platformClients } from '@agentworks/factory'
import { platformAccess } from './connection.js'
import type { Invoked } from './invoked.js'

/** Runs the work with clients of the platform that the command means, and closes them, so that the command ends at once. */
export async function withPlatform<Result>(invoked: Invoked, work: (clients: PlatformClients) => Promise<Result>): Promise<Result> {
  const clients = platformClients(await platformAccess(invoked))
  try {
    return await work(clients)
  } finally {
    clients.destroy()
  }
}
