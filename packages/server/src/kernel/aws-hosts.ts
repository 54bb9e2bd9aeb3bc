// AWS's own host names for what this platform serves: what clients dial that build their address themselves.

const region = '[a-z]{2}(?:-[a-z]+)+-[0-9]'
const regional = 'bedrock-agentcore|bedrock-agentcore-control|bedrock|bedrock-runtime|s3|sts'
/** A gateway has a host of its own, a bucket too where its address is not written into the path. */
const named = '(?:[a-z0-9][a-z0-9-]*\\.gateway\\.bedrock-agentcore|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\.s3)'
const global = '(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\.)?s3|sts'

const awsHostPattern = `^(?:(?:${regional}|${named})\\.${region}\\.(?:amazonaws\\.com(?:\\.cn)?|api\\.aws)|(?:${global})\\.amazonaws\\.com)$`

const pattern = new RegExp(awsHostPattern)

export const isServedAwsHost = (name: string): boolean => name.length <= 253 && pattern.test(name.toLowerCase())

/** What a hosts file can say: it knows no wildcards, so gateways and buckets with hosts of their own are not in it. */
export function awsHostNames(regions: readonly string[]): string[] {
  return [
    ...regions.flatMap((one) => regional.split('|').map((service) => `${service}.${one}.amazonaws.com`)),
    's3.amazonaws.com',
    'sts.amazonaws.com',
  ]
}
