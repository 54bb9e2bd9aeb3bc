// What was said, as people and models have it, and as AWS's events have it.
import type { Event, PayloadType, Role } from '@aws-sdk/client-bedrock-agentcore'

/** One thing that was said. */
export interface Message {
  role: Role
  text: string
}

export function payloadOf(messages: readonly Message[]): PayloadType[] {
  return messages.map(({ role, text }) => ({ conversational: { role, content: { text } } }))
}

/** Blobs and documents are no messages. */
export function messagesOf({ payload = [] }: Pick<Event, 'payload'>): Message[] {
  return payload.flatMap(({ conversational }) => {
    const { role, content } = conversational ?? {}
    return role !== undefined && content?.text !== undefined ? [{ role, text: content.text }] : []
  })
}

/** A turn is what a user says and all that follows up to the next time. */
export function turnsOf(messages: readonly Message[]): Message[][] {
  const turns: Message[][] = []
  for (const message of messages) {
    const current = turns.at(-1)
    if (!current || message.role === 'USER') turns.push([message])
    else current.push(message)
  }
  return turns
}
