export {
  type AppOptions,
  type AsyncTaskInfo,
  BedrockAgentCoreApp,
  type Entrypoint,
  getContext,
  HttpError,
  type Logger,
  type PingHandler,
  type PingStatus,
  type RequestContext,
  type RunningApp,
  type RunOptions,
} from './runtime/index.js'
