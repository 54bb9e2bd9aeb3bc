// The door of models: the operations of the `bedrock` scope, and which provider answers by default.
export { detectProvider, foreignCredentials } from './detect.js'
export { type ModelsOptions, models } from './models.js'
export { modelRoutes } from './resolve.js'
