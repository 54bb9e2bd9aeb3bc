// The door of `@agentworks/sdk/mcp`: an MCP server as AgentCore Runtime wants it, on port 8000 at /mcp.
export { type McpHandler, type McpOptions, type McpServerFactory, serveMcp } from './serve-mcp.js'
