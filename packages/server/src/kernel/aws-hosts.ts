// AWS's own host names for what this platform serves: what clients dial that build their address themselves.

const region = '[a-z]{2}(?:-[a-z]+)+-[0-9]'
const regional = 'bedrock-agentcore|bedrock-agentcore-control|bedrock|bedrock-runtime|s3|sts'
const gateway = '[a-z0-9][a-z0-9-]*\\.gateway\\.bedrock-agentcore'
/** A gateway has a host of its own, a bucket too where its address is not written into the path. */
const named = `(?:${gateway}|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\.s3)`
const global = '(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\.)?s3|sts'

const suffix = '(?:amazonaws\\.com(?:\\.cn)?|api\\.aws)'
const awsHostPattern = `^(?:(?:${regional}|${named})\\.${region}\\.${suffix}|(?:${global})\\.amazonaws\\.com)$`

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

/** What means the platform inside a session. Not S3: agents fetch from real buckets, by addresses that others signed. */
const insideRegional = ['bedrock-agentcore', 'bedrock-agentcore-control', 'bedrock-runtime', 'sts']

/** Source of a regular expression, so that programs inside can be told it. Names in lower case. */
export const insideHostPattern = `^(?:(?:${insideRegional.join('|')}|${gateway})\\.${region}\\.${suffix}|sts\\.amazonaws\\.com)$`

const gatewayPattern = new RegExp(`^${gateway}\\.${region}\\.${suffix}$`)

/** These have no place in a hosts file, which knows no wildcards. */
export const isGatewayHost = (name: string): boolean => name.length <= 253 && gatewayPattern.test(name.toLowerCase())

/** For the hosts file of sessions, which must name each Region: requests to any of them are answered. */
export function hostNamesInside(): string[] {
  return [...awsRegions.flatMap((one) => insideRegional.map((service) => `${service}.${one}.amazonaws.com`)), 'sts.amazonaws.com']
}

/** AWS's commercial Regions, as its SDKs' partitions.json had them in 2026. */
const awsRegions: readonly string[] = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'ca-west-1', 'mx-central-1', 'sa-east-1'],
  ...['eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['il-central-1', 'me-central-1', 'me-south-1', 'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-1', 'ap-south-2'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3'],
  ...['ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7'],
]
