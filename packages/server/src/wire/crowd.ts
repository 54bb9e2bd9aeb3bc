// Connections of the port at their bound. Whoever has no request open makes room for who comes: half-open connections, slow heads and
// forgotten keep-alives cannot shut others out, and a request that is under way is never cut for one that is not.
import type { Socket } from 'node:net'

export interface Crowd {
  /** False: no connection could make room, and this one was closed. */
  admit(socket: Socket): boolean
  /** A request of this connection begins, or ends. One that became a WebSocket never ends. */
  begins(socket: object): void
  ends(socket: object): void
}

export interface CrowdInput {
  most: number
  closed(): void
}

export function crowd({ most, closed }: CrowdInput): Crowd {
  const all = new Map<object, number>()
  /** Without a request, in the order in which they came to be so. */
  const idle = new Set<Socket>()

  const close = (socket: Socket) => {
    forget(socket)
    socket.destroy()
    closed()
  }
  const forget = (socket: Socket) => {
    all.delete(socket)
    idle.delete(socket)
  }

  return {
    admit(socket) {
      const [oldest] = idle
      if (all.size >= most) close(oldest ?? socket)
      if (socket.destroyed) return false
      all.set(socket, 0)
      idle.add(socket)
      socket.once('close', () => forget(socket))
      return true
    },
    begins(socket) {
      const open = all.get(socket)
      if (open === undefined) return
      all.set(socket, open + 1)
      if (open === 0) idle.delete(socket as Socket)
    },
    ends(socket) {
      const open = all.get(socket)
      if (open === undefined) return
      all.set(socket, open - 1)
      if (open === 1) idle.add(socket as Socket)
    },
  }
}
