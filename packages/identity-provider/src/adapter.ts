// What oidc-provider stores, in our state.
import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { State } from './state.js'

const revokedWithGrant = ['AccessToken', 'AuthorizationCode', 'RefreshToken']

export function adapterOn(state: State, now: () => number = Date.now): (model: string) => Adapter {
  return (model) => ({
    async upsert(id, payload, expiresIn) {
      state.put(model, id, {
        payload: payload as Record<string, unknown>,
        expiresAt: expiresIn ? Math.floor(now() / 1000) + expiresIn : undefined,
        grantId: payload.grantId,
        uid: payload.uid,
      })
    },
    find: async (id) => state.get(model, id) as AdapterPayload | undefined,
    findByUid: async (uid) => state.byUid(model, uid) as AdapterPayload | undefined,
    // Only devices have user codes, and their flow is off.
    findByUserCode: async () => undefined,
    async consume(id) {
      const payload = state.get(model, id)
      if (!payload) return
      const seconds = Math.floor(now() / 1000)
      const { exp, grantId, uid } = payload as AdapterPayload
      state.put(model, id, { payload: { ...payload, consumed: seconds }, expiresAt: exp, grantId, uid })
    },
    async destroy(id) {
      state.delete(model, id)
    },
    async revokeByGrantId(grantId) {
      for (const one of revokedWithGrant) state.deleteGrant(one, grantId)
    },
  })
}
