// What policies may ask of a request itself. AWS: IAM user guide, reference_policies_condition-keys.
import type { TLSSocket } from 'node:tls'
import type { ConditionFacts } from '#ports/callers.js'
import { contextOf, type Exchange, operationOf, protocolOf } from './exchange.js'

export function requestConditions(exchange: Exchange): ConditionFacts {
  const { request, response, input } = exchange
  const socket = response.socket as TLSSocket | null
  return {
    'aws:RequestedRegion': contextOf(exchange).region,
    'aws:SecureTransport': String(socket?.encrypted === true),
    // Through a session's own listener nobody has an address.
    'aws:SourceIp': socket?.remoteAddress?.replace(/^::ffff:(?=[0-9.]+$)/, ''),
    'aws:UserAgent': request.headers['user-agent'],
    'aws:Referer': request.headers.referer,
    ...protocolOf(exchange).conditions?.(operationOf(exchange), input),
  }
}
