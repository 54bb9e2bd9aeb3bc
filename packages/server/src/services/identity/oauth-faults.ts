// What calls to authorization servers fail with, as the token operations tell it.
import { invalid, PortError } from '#kernel/errors.js'

/** Runs `work`; a failure of the server or of the way to it names the provider, and what can be done. */
export async function withProvider<R>(provider: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (fault) {
    throw providerFault(provider, fault)
  }
}

export function providerFault(provider: string, fault: unknown): unknown {
  if (!(fault instanceof PortError) || !['oauth', 'outgoing'].includes(fault.port)) return fault
  // The operations declare nothing better for a server that is at fault: a ValidationException says what and where.
  return invalid('resourceCredentialProviderName', `no token from the provider ${provider}: ${fault.message}`)
}
