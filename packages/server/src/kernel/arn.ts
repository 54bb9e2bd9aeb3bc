// ARNs: arn:partition:service:region:account:resource. The resource may hold further colons and slashes.

export interface Arn {
  partition: string
  service: string
  region: string
  account: string
  resource: string
}

export function formatArn(service: string, scope: { region: string; account: string }, resource: string): string {
  return `arn:aws:${service}:${scope.region}:${scope.account}:${resource}`
}

/** `undefined` when the text is no ARN: the caller decides which field to blame. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':')
  const [prefix, partition, service, region, account] = parts
  if (prefix !== 'arn' || parts.length < 6 || !partition || !service) return undefined
  return { partition, service, region: region ?? '', account: account ?? '', resource: parts.slice(5).join(':') }
}
