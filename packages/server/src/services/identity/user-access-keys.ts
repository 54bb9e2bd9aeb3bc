// The access keys of users, as a signature's check finds them. A secret is opened at its first use.
import type { AccessKey, AccessKeys } from '#ports/callers.js'
import type { Sealer } from '#ports/sealer.js'
import type { IamDocuments } from './iam-documents.js'

export const userSecretPurpose = (accessKeyId: string) => `user-access-key/${accessKeyId}`

export function userAccessKeys({ iam, sealer, account }: { iam: IamDocuments; sealer: Sealer; account: string }): AccessKeys {
  let known = { generation: -1, keys: new Map<string, () => AccessKey>() }

  function keys() {
    if (known.generation !== iam.generation) known = { generation: iam.generation, keys: readAll() }
    return known.keys
  }

  function readAll(): Map<string, () => AccessKey> {
    const all = new Map<string, () => AccessKey>()
    for (const { arn, accessKeys } of iam.users.values()) {
      for (const { accessKeyId, sealedSecret, isActive } of accessKeys) {
        if (!isActive) continue
        all.set(
          accessKeyId,
          onceOnly(() => ({
            caller: { kind: 'user', account, region: '*', accessKeyId, principalArn: arn },
            secretAccessKey: sealer.open(sealedSecret, userSecretPurpose(accessKeyId)),
          })),
        )
      }
    }
    return all
  }

  return { find: (accessKeyId) => keys().get(accessKeyId)?.() }
}

/** The same object each time: what was worked out for a caller is kept by it. */
function onceOnly<Value>(work: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: work() }
    return made.value
  }
}
