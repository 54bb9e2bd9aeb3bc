// The master key from the environment, so that it is never on the disk that holds the vault: itself, or which AWS KMS key wraps it.
import { PortError } from '#kernel/errors.js'
import type { MasterKeySource } from '#ports/master-key.js'
import { parseKey } from './key-text.js'
import type { KmsMasterKeys } from './kms.js'

const currentVariable = 'AGENTWORKS_MASTER_KEY'
const previousVariable = 'AGENTWORKS_PREVIOUS_MASTER_KEY'
const kmsPrefix = 'kms:'

interface Options {
  kms: KmsMasterKeys
  /** Nothing is sealed yet, so that a wrapped key that is not there is no loss. */
  mayMake: boolean
}

/** `undefined` when the variable is not set. The variables leave the process's own environment, which all that it starts would inherit. */
export async function environmentMasterKey(
  env: Readonly<Record<string, string | undefined>>,
  { kms, mayMake }: Options,
): Promise<MasterKeySource | undefined> {
  const [current, previous] = [env[currentVariable], env[previousVariable]]
  for (const name of [currentVariable, previousVariable]) delete process.env[name]
  if (!current) return undefined
  // The earlier one first: without it a new one would open nothing.
  const earlier = previous ? await keyIn(previousVariable, previous, (arn) => kms.open(arn)) : undefined
  const make = mayMake || earlier !== undefined
  const key = await keyIn(currentVariable, current, async (arn) => (await kms.open(arn)) ?? (make ? kms.make(arn) : undefined))
  const keys = [key, earlier].filter((found) => found !== undefined)
  const isWrapped = current.startsWith(kmsPrefix)
  return { place: isWrapped ? `${currentVariable} (${current}, wrapped in master-key.kms of the data folder)` : currentVariable, keys: () => keys }
}

/** A value that is itself the key is a secret and not quoted. */
async function keyIn(name: string, text: string, unwrapped: (arn: string) => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
  if (text.startsWith(kmsPrefix)) return unwrapped(text.slice(kmsPrefix.length))
  const key = parseKey(text)
  if (!key)
    throw new PortError(
      'master-key',
      'unreadable',
      `${name} must hold 32 bytes in base64 or hexadecimal, such as \`openssl rand -base64 32\` prints, or kms: and the ARN of an AWS KMS key`,
    )
  return key
}
