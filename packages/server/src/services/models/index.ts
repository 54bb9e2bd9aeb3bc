// The door of models: the operations of the `bedrock` scope, and which provider answers by default.
export { type DetectedProvider, detectProvider, foreignCredentials } from './detect.js'
export { type ModelsOptions, models } from './models.js'
export { type ProviderName, providerNames } from './resolve.js'
