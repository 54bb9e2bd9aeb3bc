// Services by the name in their signature's scope: what their errors look like where the request does not tell, and
// the variable that sends their clients elsewhere. AWS SDKs build that name from the service id, not from the scope.
import type { ErrorForm } from './error-forms.js'

interface KnownService {
  form?: ErrorForm
  /** After AWS_ENDPOINT_URL_; absent: the scope itself in capitals. */
  variable?: string
}

/** A service that is not here answers as rest-json, unless its request tells otherwise. */
const known: Readonly<Record<string, KnownService>> = {
  'api.ecr': { variable: 'ECR' },
  autoscaling: { form: 'query', variable: 'AUTO_SCALING' },
  bedrock: { variable: 'BEDROCK' },
  cloudformation: { form: 'query' },
  cloudfront: { form: 'rest-xml' },
  'cognito-identity': { form: 'json-1.1' },
  'cognito-idp': { form: 'json-1.1', variable: 'COGNITO_IDENTITY_PROVIDER' },
  dynamodb: { form: 'json-1.0' },
  ec2: { form: 'ec2' },
  ecr: { form: 'json-1.1' },
  elasticache: { form: 'query' },
  elasticloadbalancing: { form: 'query', variable: 'ELASTIC_LOAD_BALANCING_V2' },
  email: { form: 'query', variable: 'SES' },
  es: { variable: 'OPENSEARCH' },
  events: { form: 'json-1.1', variable: 'EVENTBRIDGE' },
  firehose: { form: 'json-1.1' },
  iam: { form: 'query' },
  kinesis: { form: 'json-1.1' },
  kms: { form: 'json-1.1' },
  logs: { form: 'json-1.1', variable: 'CLOUDWATCH_LOGS' },
  monitoring: { form: 'query', variable: 'CLOUDWATCH' },
  rds: { form: 'query' },
  route53: { form: 'rest-xml', variable: 'ROUTE_53' },
  's3-object-lambda': { form: 's3-xml', variable: 'S3' },
  's3-outposts': { form: 's3-xml', variable: 'S3' },
  s3express: { form: 's3-xml', variable: 'S3' },
  sagemaker: { form: 'json-1.1' },
  secretsmanager: { form: 'json-1.1', variable: 'SECRETS_MANAGER' },
  sns: { form: 'query' },
  sqs: { form: 'json-1.0' },
  ssm: { form: 'json-1.1' },
  states: { form: 'json-1.0', variable: 'SFN' },
  sts: { form: 'query' },
}

export function formOf(service: string): ErrorForm {
  return (Object.hasOwn(known, service) ? known[service]?.form : undefined) ?? 'rest-json'
}

export function endpointVariable(service: string): string {
  const name = Object.hasOwn(known, service) ? known[service]?.variable : undefined
  return `AWS_ENDPOINT_URL_${name ?? service.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
}
