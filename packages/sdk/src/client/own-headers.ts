// Headers for the agent that the operation has no member for, signed with the rest.

interface Sendable {
  middlewareStack: { add(middleware: never, options: { step: 'build'; name: string }): void }
}

export function withHeaders<Command extends Sendable>(command: Command, headers: Readonly<Record<string, string>> = {}): Command {
  const own = (next: (call: { request: unknown }) => unknown) => (call: { request: unknown }) => {
    Object.assign((call.request as { headers: Record<string, string> }).headers, headers)
    return next(call)
  }
  command.middlewareStack.add(own as never, { step: 'build', name: 'ownHeaders' })
  return command
}
