// What is kept of topics and of who listens to them.
import { formatArn, parseArn } from '#kernel/arn.js'
import { invalid } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'

export interface TopicDocument {
  name: string
  createdAt: number
}

export interface SubscriptionDocument {
  id: string
  topic: string
  protocol: 'http' | 'https'
  endpoint: string
  /** Absent once it is confirmed. A hash: the token itself is the endpoint's. */
  tokenHash?: string
  createdAt: number
}

export const topics = collection<TopicDocument>('topics')
/** By `topic/id`. */
export const subscriptions = collection<SubscriptionDocument>('topic-subscriptions')

export const subscriptionKey = ({ topic, id }: Pick<SubscriptionDocument, 'topic' | 'id'>) => `${topic}/${id}`
export const topicArn = (scope: Scope, name: string) => formatArn('sns', scope, name)
export const subscriptionArn = (scope: Scope, { topic, id }: SubscriptionDocument) => `${topicArn(scope, topic)}:${id}`

/** `undefined` for a topic of another account or Region, which names nothing here. */
export function topicNameIn(scope: Scope, arn: string, field: string): string | undefined {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'sns') throw invalid(field, 'must be the ARN of a topic, as arn:aws:sns:REGION:ACCOUNT:NAME')
  // Policies know a topic by this ARN alone: under another partition it would be nobody's.
  const isHere = parsed.partition === 'aws' && parsed.account === scope.account && parsed.region === scope.region
  return isHere ? parsed.resource : undefined
}
