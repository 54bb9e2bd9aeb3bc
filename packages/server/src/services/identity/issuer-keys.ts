// The keys of the platform's own OIDC issuer: one for each algorithm, made when first needed, sealed at rest. Rotation never
// leaves a verifier with tokens that it cannot check: a new key is published before it signs, an old one as long as its tokens live.
import type { Clock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { Scope } from '#kernel/scope.js'
import type { Sealer } from '#ports/sealer.js'
import { collection, type Store } from '#ports/store.js'
import type { Sign, SigningAlgorithm, TokenSigner } from '#ports/token-signer.js'
import { webIdentityLimits } from './limits.js'

export interface IssuerKeyDocument {
  kid: string
  algorithm: SigningAlgorithm
  publicJwk: Readonly<Record<string, string>>
  sealedPrivateJwk: string
  createdAt: number
  /** Until then its predecessor signs: caches of the key set must have met it first. */
  signsFrom: number
  /** Set when it has a successor. */
  publishedUntil?: number
}

export interface IssuerKeyView {
  keyId: string
  algorithm: SigningAlgorithm
  state: 'NEXT' | 'SIGNING' | 'RETIRED'
  createdAt: string
  signsFrom: string
  publishedUntil?: string
}

export interface IssuerKeys {
  /** The members of the published key set. */
  published(): Promise<Readonly<Record<string, string>>[]>
  signerFor(algorithm: SigningAlgorithm): Promise<Sign>
  list(): Promise<IssuerKeyView[]>
  /** `atOnce`: for a key that somebody else has. What it signed is refused from then on, by those who fetch the keys again. */
  rotate(atOnce: boolean): Promise<IssuerKeyView[]>
}

const issuerKeyDocuments = collection<IssuerKeyDocument>('issuer-key')
const issuerKeyPurpose = 'issuer-key'

const algorithms = ['RS256', 'ES384'] as const
/** Clocks differ: a token is taken a little longer than it says. */
const skewMs = 60_000

export function issuerKeys(ports: {
  store: Store
  sealer: Sealer
  signer: TokenSigner
  account: string
  clock: Pick<Clock, 'now'>
  ids: Ids
}): IssuerKeys {
  const { store, sealer, signer, account, clock, ids } = ports
  // One issuer for all Regions, as AWS has one for each account.
  const scope: Scope = { account, region: '*' }
  const signers = new Map<string, Promise<Sign>>()
  let making: Promise<void> | undefined

  async function all(): Promise<IssuerKeyDocument[]> {
    const now = clock.now()
    return (await store.list(issuerKeyDocuments, scope))
      .map(({ document }) => document)
      .filter(({ publishedUntil }) => publishedUntil === undefined || publishedUntil > now)
  }

  async function existing(): Promise<IssuerKeyDocument[]> {
    const found = await all()
    if (algorithms.every((algorithm) => found.some((key) => key.algorithm === algorithm))) return found
    making ??= makeMissing(found).finally(() => {
      making = undefined
    })
    await making
    return all()
  }

  async function makeMissing(found: readonly IssuerKeyDocument[]) {
    const missing = algorithms.filter((algorithm) => !found.some((key) => key.algorithm === algorithm))
    const made = await Promise.all(missing.map((algorithm) => newKey(algorithm, clock.now())))
    await store.transaction(async (tx) => {
      for (const key of made) await tx.put(issuerKeyDocuments, scope, key.kid, key)
    })
  }

  async function newKey(algorithm: SigningAlgorithm, signsFrom: number): Promise<IssuerKeyDocument> {
    const { privateJwk, publicJwk } = await signer.generate(algorithm)
    const kid = ids.uuid()
    return { kid, algorithm, publicJwk, sealedPrivateJwk: sealer.seal(privateJwk, issuerKeyPurpose), createdAt: clock.now(), signsFrom }
  }

  async function list() {
    const keys = await existing()
    return keys
      .map((key) => view(key, signingKey(keys, key.algorithm, clock.now())))
      .toSorted((one, other) => one.algorithm.localeCompare(other.algorithm) || one.signsFrom.localeCompare(other.signsFrom))
  }

  return {
    list,

    published: async () => (await existing()).map(({ kid, algorithm, publicJwk }) => ({ ...publicJwk, kid, alg: algorithm, use: 'sig' })),

    async signerFor(algorithm) {
      const { kid, sealedPrivateJwk } = signingKey(await existing(), algorithm, clock.now())
      const known = signers.get(kid) ?? signer.open(opened(sealer, sealedPrivateJwk), { algorithm, keyId: kid })
      signers.set(kid, known)
      return known
    },

    async rotate(atOnce) {
      const now = clock.now()
      const signsFrom = atOnce ? now : now + webIdentityLimits.keySetCacheSeconds * 1000
      const made = await Promise.all(algorithms.map((algorithm) => newKey(algorithm, signsFrom)))
      await store.transaction(async (tx) => {
        for (const { id, document } of await tx.list(issuerKeyDocuments, scope)) {
          if (atOnce || (document.publishedUntil ?? Number.POSITIVE_INFINITY) <= now) await tx.delete(issuerKeyDocuments, scope, id)
          else if (document.publishedUntil === undefined) {
            const publishedUntil = signsFrom + webIdentityLimits.durationSeconds.most * 1000 + skewMs
            await tx.put(issuerKeyDocuments, scope, id, { ...document, publishedUntil })
          }
        }
        for (const key of made) await tx.put(issuerKeyDocuments, scope, key.kid, key)
      })
      signers.clear()
      return list()
    },
  }
}

/** A data folder that was put together from two installations. Verifiers still have the public keys; only new ones can sign. */
function opened(sealer: Sealer, sealed: string): string {
  try {
    return sealer.open(sealed, issuerKeyPurpose)
  } catch (cause) {
    throw new ServiceError(
      'ServiceUnavailableException',
      "The issuer's key was sealed by another installation, or altered. `agentworks identity issuer rotate --now` makes new ones.",
      { cause },
    )
  }
}

/** The newest whose time has come; the oldest of all where the clock was set back behind every one. */
function signingKey(keys: readonly IssuerKeyDocument[], algorithm: SigningAlgorithm, now: number): IssuerKeyDocument {
  const own = keys.filter((key) => key.algorithm === algorithm).toSorted((one, other) => one.signsFrom - other.signsFrom)
  const found = own.findLast(({ signsFrom }) => signsFrom <= now) ?? own[0]
  if (!found) throw new Error(`there is no key for ${algorithm}`)
  return found
}

function view(key: IssuerKeyDocument, signing: IssuerKeyDocument): IssuerKeyView {
  const iso = (at: number) => new Date(at).toISOString()
  return {
    keyId: key.kid,
    algorithm: key.algorithm,
    state: key.kid === signing.kid ? 'SIGNING' : key.signsFrom > signing.signsFrom ? 'NEXT' : 'RETIRED',
    createdAt: iso(key.createdAt),
    signsFrom: iso(key.signsFrom),
    ...(key.publishedUntil === undefined ? {} : { publishedUntil: iso(key.publishedUntil) }),
  }
}
