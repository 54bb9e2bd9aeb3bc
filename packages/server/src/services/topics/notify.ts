// Messages to the endpoints of a topic, in the form in which Amazon SNS posts them (SNS developer guide: HTTP/S notification JSON format).
import { invalid, PortError, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Outgoing } from '#ports/outgoing.js'
import { type SubscriptionDocument, subscriptionArn, topicArn } from './documents.js'

interface Message {
  Type: 'Notification' | 'SubscriptionConfirmation'
  MessageId: string
  Message: string
  Token?: string
}

/** Rejects with ServiceError where the endpoint cannot be reached, or does not say 2xx; with a ValidationException for one that never may be. */
export async function post(outgoing: Outgoing, scope: Scope, subscription: SubscriptionDocument, message: Message, now: number): Promise<void> {
  const { endpoint } = subscription
  const TopicArn = topicArn(scope, subscription.topic)
  const isNews = message.Type === 'Notification'
  try {
    const { status } = await outgoing({
      method: 'POST',
      url: endpoint,
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': message.Type,
        'x-amz-sns-message-id': message.MessageId,
        'x-amz-sns-topic-arn': TopicArn,
        ...(isNews && { 'x-amz-sns-subscription-arn': subscriptionArn(scope, subscription) }),
      },
      body: JSON.stringify({ ...message, TopicArn, Timestamp: new Date(now).toISOString() }),
    })
    if (status < 200 || status > 299) throw unreachable(endpoint, `it answered ${status}`)
  } catch (fault) {
    if (!(fault instanceof PortError)) throw fault
    if (fault.code === 'refused' || fault.code === 'bad-url') throw invalid('Endpoint', fault.message)
    throw unreachable(endpoint, fault.message, fault)
  }
}

/** Paths and queries of endpoints may hold secrets. */
function unreachable(endpoint: string, why: string, cause?: unknown): ServiceError {
  return new ServiceError('ServiceUnavailableException', `The subscriber at ${new URL(endpoint).origin} did not take the message: ${why}.`, { cause })
}
