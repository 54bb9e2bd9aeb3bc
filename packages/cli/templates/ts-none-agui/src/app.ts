import { EventType } from '@ag-ui/core'
import { agUiApp } from '@agentworks/sdk/ag-ui'

export const app = await agUiApp(async function* ({ threadId, runId, messages }) {
  const messageId = crypto.randomUUID()
  yield { type: EventType.RUN_STARTED, threadId, runId }
  yield { type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant' }
  yield { type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta: `You said: ${messages.at(-1)?.content ?? 'nothing'}` }
  yield { type: EventType.TEXT_MESSAGE_END, messageId }
  yield { type: EventType.RUN_FINISHED, threadId, runId }
})
