// The master key from the environment, so that it is never on the disk that holds the vault.
import { PortError } from '#kernel/errors.js'
import type { MasterKeySource } from '#ports/master-key.js'
import { parseKey } from './key-text.js'

const currentVariable = 'AGENTWORKS_MASTER_KEY'
const previousVariable = 'AGENTWORKS_PREVIOUS_MASTER_KEY'

/** `undefined` when the variable is not set. The variables leave the process's own environment, which all that it starts would inherit. */
export function environmentMasterKey(env: Readonly<Record<string, string | undefined>>): MasterKeySource | undefined {
  const [current, previous] = [env[currentVariable], env[previousVariable]]
  for (const name of [currentVariable, previousVariable]) delete process.env[name]
  if (!current) return undefined
  const keys = [keyIn(currentVariable, current), ...(previous ? [keyIn(previousVariable, previous)] : [])]
  return { place: currentVariable, keys: () => keys }
}

/** The value is a secret and not quoted. */
function keyIn(name: string, text: string): Uint8Array {
  const key = parseKey(text)
  if (!key)
    throw new PortError('master-key', 'unreadable', `${name} must hold 32 bytes in base64 or hexadecimal, such as \`openssl rand -base64 32\` prints`)
  return key
}
