// The door of secrets.
export { namedSecretArn, secretArn } from './documents.js'
export { secretOperations } from './operations.js'
export { dropOwnedSecret, putOwnedSecret } from './owned-secrets.js'
export { readSecret } from './read-secret.js'
