// identity provider users list | add | remove
import { listUsers, putUser, removeUser } from '@agentworks/identity-provider'
import { Failure, wrongUsage } from '#core/failure.js'
import { withProviderState } from '#core/identity-provider.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'

export async function listProviderUsers(invoked: Invoked): Promise<void> {
  const users = await withProviderState(invoked, listUsers)
  invoked.out.document(users)
  if (users.length === 0) return invoked.out.line(invoked.out.spell('there is no user; make one: agentworks identity provider users add alice'))
  for (const line of table(
    ['USER', 'EMAIL'],
    users.map(({ name, email }) => [name, email]),
  ))
    invoked.out.line(line)
}

export async function addProviderUser(invoked: Invoked, name: string): Promise<void> {
  const user = await withProviderState(invoked, (state) => {
    try {
      return putUser(state, name)
    } catch (error) {
      throw wrongUsage(error instanceof Error ? error.message : String(error))
    }
  })
  invoked.out.document(user)
  invoked.out.line(`user ${user.name}, password ${user.password}   (shown this once)`)
}

export async function removeProviderUser(invoked: Invoked, name: string): Promise<void> {
  if (!(await withProviderState(invoked, (state) => removeUser(state, name))))
    throw new Failure(`there is no user ${name}`, { fix: 'see who there is: agentworks identity provider users list' })
  invoked.out.document({ name, removed: true })
  invoked.out.line(`removed ${name}; tokens that they have end within the hour and are not renewed`)
}
