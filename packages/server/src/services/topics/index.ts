// Topics: a part of Amazon SNS, enough for HTTP endpoints to hear of what a self-managed memory strategy delivered.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { invalid, notFound, quotaExceeded } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import { type QueryParameters, type QueryTree, refuseUnsupported, required } from '#kernel/query.js'
import type { Scope } from '#kernel/scope.js'
import type { Outgoing } from '#ports/outgoing.js'
import type { Reader, Store } from '#ports/store.js'
import { type SubscriptionDocument, subscriptionArn, subscriptionKey, subscriptions, topicArn, topicNameIn, topics } from './documents.js'
import { post } from './notify.js'

interface TopicPorts {
  store: Store
  outgoing: Outgoing
  clock: Clock
  ids: Ids
}

/** API ListTopics, ListSubscriptionsByTopic. */
const pageSize = 100
/** API Subscribe: an endpoint that does not confirm within two days is forgotten. */
const tokenMs = 2 * 24 * 60 * 60_000
const endpointLength = 2_048
const subscriptionsPerTopic = 100
/** API CreateTopic. A name that ends in .fifo would be a queue, which orders. */
const namePattern = /^[A-Za-z0-9_-]{1,256}$/

export function topicService({ store, outgoing, clock, ids }: TopicPorts) {
  const operations = {
    async CreateTopic(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      refuseUnsupported(parameters, {
        Attributes: 'topics have no attributes.',
        Tags: 'topics have no tags.',
        DataProtectionPolicy: 'nothing reads it.',
      })
      const name = required(parameters, 'Name')
      if (!namePattern.test(name)) throw invalid('Name', 'must have 1 to 256 letters, digits, - or _; ordered topics (.fifo) are not executed here')
      await store.transaction((tx) => tx.insert(topics, ctx, name, { name, createdAt: clock.now() }))
      return { TopicArn: topicArn(ctx, name) }
    },

    async DeleteTopic(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const name = topicNameIn(ctx, required(parameters, 'TopicArn'), 'TopicArn')
      if (name !== undefined)
        await store.transaction(async (tx) => {
          await tx.delete(topics, ctx, name)
          for (const { id } of await tx.list(subscriptions, ctx, { prefix: `${name}/` })) await tx.delete(subscriptions, ctx, id)
        })
      return {}
    },

    async ListTopics(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const after = parameters.get('NextToken')
      const found = await store.list(topics, ctx, { limit: pageSize + 1, ...(after && { after }) })
      const page = found.slice(0, pageSize)
      return { Topics: page.map(({ id }) => ({ TopicArn: topicArn(ctx, id) })), NextToken: found.length > pageSize ? page.at(-1)?.id : undefined }
    },

    /** The endpoint is sent a token; who gives that back has shown that the endpoint wants the messages. */
    async Subscribe(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      refuseUnsupported(parameters, { Attributes: 'messages are neither filtered nor changed.' })
      const topic = await findTopic(store, ctx, required(parameters, 'TopicArn'))
      const protocol = required(parameters, 'Protocol')
      if (protocol !== 'http' && protocol !== 'https') throw invalid('Protocol', `"${protocol.slice(0, 40)}" is not executed here; use http or https`)
      const endpoint = required(parameters, 'Endpoint')
      if (URL.parse(endpoint)?.protocol !== `${protocol}:` || endpoint.length > endpointLength)
        throw invalid('Endpoint', `must be a URL that begins with ${protocol}:// and has at most ${endpointLength} characters`)
      const others = await ofTopic(store, ctx, topic)
      const before = others.find((one) => one.endpoint === endpoint)
      if (before && before.tokenHash === undefined) return { SubscriptionArn: subscriptionArn(ctx, before) }
      if (!before && others.length >= subscriptionsPerTopic)
        throw quotaExceeded(
          `A topic has at most ${subscriptionsPerTopic} subscriptions here: each message is posted to all of them. Unsubscribe one.`,
        )
      const token = ids.secret(32)
      const now = clock.now()
      const subscription: SubscriptionDocument = { id: before?.id ?? ids.uuid(), topic, protocol, endpoint, tokenHash: hashOf(token), createdAt: now }
      await store.transaction((tx) => tx.put(subscriptions, ctx, subscriptionKey(subscription), subscription))
      const words = `You have chosen to subscribe to the topic ${topicArn(ctx, topic)}. To confirm, call ConfirmSubscription with the token.`
      const question = { Type: 'SubscriptionConfirmation' as const, MessageId: ids.uuid(), Token: token, Message: words }
      await post(outgoing, ctx, subscription, question, now).catch(async (fault: unknown) => {
        // Who cannot be asked will not answer.
        await store.transaction((tx) => tx.delete(subscriptions, ctx, subscriptionKey(subscription)))
        throw fault
      })
      return { SubscriptionArn: parameters.get('ReturnSubscriptionArn') === 'true' ? subscriptionArn(ctx, subscription) : 'pending confirmation' }
    },

    async ConfirmSubscription(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const topic = await findTopic(store, ctx, required(parameters, 'TopicArn'))
      const hash = hashOf(required(parameters, 'Token'))
      const found = await store.transaction(async (tx) => {
        const one = (await ofTopic(tx, ctx, topic)).find(
          ({ tokenHash, createdAt }) => tokenHash !== undefined && isSame(tokenHash, hash) && createdAt > clock.now() - tokenMs,
        )
        if (!one) return undefined
        const { tokenHash: _, ...confirmed } = one
        await tx.put(subscriptions, ctx, subscriptionKey(one), confirmed)
        return one
      })
      if (!found) throw invalid('Token', 'is not the token of a subscription of this topic that waits for its confirmation')
      return { SubscriptionArn: subscriptionArn(ctx, found) }
    },

    async Unsubscribe(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const arn = required(parameters, 'SubscriptionArn')
      const [topic, id = ''] = (topicNameIn(ctx, arn, 'SubscriptionArn') ?? '').split(':')
      const isGone = topic && (await store.transaction((tx) => tx.delete(subscriptions, ctx, subscriptionKey({ topic, id }))))
      if (!isGone) throw notFound('Subscription', arn)
      return {}
    },

    async ListSubscriptionsByTopic(ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const topic = await findTopic(store, ctx, required(parameters, 'TopicArn'))
      const after = parameters.get('NextToken')
      const found = await store.list(subscriptions, ctx, { prefix: `${topic}/`, limit: pageSize + 1, ...(after && { after }) })
      const page = found.slice(0, pageSize)
      return {
        Subscriptions: page.map(({ document }) => ({
          TopicArn: topicArn(ctx, topic),
          SubscriptionArn: document.tokenHash === undefined ? subscriptionArn(ctx, document) : 'PendingConfirmation',
          Protocol: document.protocol,
          Endpoint: document.endpoint,
          Owner: ctx.account,
        })),
        NextToken: found.length > pageSize ? page.at(-1)?.id : undefined,
      }
    },
  }

  return {
    operations,

    resource(operation: string, parameters: QueryParameters, scope: Scope): string | undefined {
      if (operation === 'CreateTopic') return topicArn(scope, parameters.get('Name') ?? '')
      // The member that the operation itself reads, and no other that was sent beside it.
      if (operation === 'Unsubscribe') return parameters.get('SubscriptionArn')?.split(':').slice(0, 6).join(':')
      return operation === 'ListTopics' ? undefined : parameters.get('TopicArn')
    },

    /** To all who confirmed. Rejects with ServiceError when the topic is not there, or one of them did not take it: to be tried again. */
    async publish(scope: Scope, arn: string, { message, messageId }: { message: string; messageId: string }): Promise<void> {
      const topic = await findTopic(store, scope, arn)
      const listening = (await ofTopic(store, scope, topic)).filter(({ tokenHash }) => tokenHash === undefined)
      const news = { Type: 'Notification' as const, MessageId: messageId, Message: message }
      const told = await Promise.allSettled(listening.map((one) => post(outgoing, scope, one, news, clock.now())))
      const failed = told.find((one) => one.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

async function findTopic(reader: Reader, scope: Scope, arn: string): Promise<string> {
  const name = topicNameIn(scope, arn, 'TopicArn')
  if (name === undefined || !(await reader.get(topics, scope, name))) throw notFound('Topic', arn)
  return name
}

async function ofTopic(reader: Reader, scope: Scope, topic: string): Promise<SubscriptionDocument[]> {
  return (await reader.list(subscriptions, scope, { prefix: `${topic}/` })).map(({ document }) => document)
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')
const isSame = (one: string, other: string) => timingSafeEqual(Buffer.from(one), Buffer.from(other))
