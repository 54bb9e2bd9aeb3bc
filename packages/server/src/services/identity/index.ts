export { accessKeys, type SessionAccessKeys } from './access-keys.js'
export { tableAuthorizer } from './authorizer.js'
export { getCallerIdentity } from './get-caller-identity.js'
