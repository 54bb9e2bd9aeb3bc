// The door of `@agentworks/sdk/ag-ui`: an agent that speaks to user interfaces, on port 8080 by server-sent events and /ws.
export { type AgUiAgent, agUiApp, serveAgUi } from './ag-ui-app.js'
