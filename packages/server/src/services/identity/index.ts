export { accessKeys, type SessionAccessKeys, type SessionIdentity } from './access-keys.js'
export { tableAuthorizer } from './authorizer.js'
export { type CallerIdentity, getCallerIdentity } from './get-caller-identity.js'
