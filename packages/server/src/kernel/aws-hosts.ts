// AWS's own host names for what this platform serves: what clients dial that build their address themselves.

const region = '[a-z]{2}(?:-[a-z]+)+-[0-9]'
const regional = 'bedrock-agentcore|bedrock-agentcore-control|bedrock|bedrock-runtime|s3|sts'
/** A gateway has a host of its own, a bucket too where its address is not written into the path. */
const named = '(?:[a-z0-9][a-z0-9-]*\\.gateway\\.bedrock-agentcore|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\.s3)'
const global = '(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\.)?s3|sts'

/** Source of a regular expression, so that programs inside sessions can be told it. Names in lower case. */
export const awsHostPattern = `^(?:(?:${regional}|${named})\\.${region}\\.(?:amazonaws\\.com(?:\\.cn)?|api\\.aws)|(?:${global})\\.amazonaws\\.com)$`

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

/** AWS's commercial Regions, as its SDKs' partitions.json had them in 2026: a hosts file must name each. */
export const awsRegions: readonly string[] = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'ca-west-1', 'mx-central-1', 'sa-east-1'],
  ...[
    'eu-central-1',
    'eu-central-2',
    'eu-north-1',
    'eu-south-1',
    'eu-south-2',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'il-central-1',
    'me-central-1',
  ],
  ...['me-south-1', 'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2'],
  ...['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7'],
]
