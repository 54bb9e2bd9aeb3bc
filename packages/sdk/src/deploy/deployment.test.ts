// Contradictions in a deployment, refused before anything is packed or sent. Deploying on a platform: conformance/scenarios/sdk-deploy.test.ts.
import { describe, expect, it } from 'vitest'
import { type DeployAgentOptions, deployAgent, InvalidCall } from './index.js'

// Nothing listens there: a call that is sent fails with another error.
const nowhere = { region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }
const aws = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }
const containerUri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1'

describe('refused before anything is done:', () => {
  it.each<[string, DeployAgentOptions]>([
    ['name', { ...nowhere, name: 'my-agent', code: '.' }],
    ['code', { ...nowhere, name: 'agent' }],
    ['code', { ...nowhere, name: 'agent', code: '.', containerUri }],
    ['bucket', { ...nowhere, name: 'agent', containerUri, bucket: 'mine' }],
    ['protocol', { ...nowhere, name: 'agent', code: '.', protocol: 'SOAP' as never }],
    [
      'environment',
      { ...nowhere, name: 'agent', code: '.', environment: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`V${index}`, ''])) },
    ],
    ['network.subnets', { ...nowhere, name: 'agent', code: '.', network: { networkMode: 'PUBLIC', subnets: ['subnet-1'] } as never }],
    ['network.securityGroups', { ...nowhere, name: 'agent', code: '.', network: { networkMode: 'VPC', subnets: ['subnet-1'], securityGroups: [] } }],
    ['network.networkMode', { ...nowhere, name: 'agent', code: '.', network: { networkMode: 'SANDBOX' } as never }],
    ['lifecycle.maxLifetime', { ...nowhere, name: 'agent', code: '.', lifecycle: { maxLifetime: 28_801 } }],
    ['lifecycle.idleRuntimeSessionTimeout', { ...nowhere, name: 'agent', code: '.', lifecycle: { idleRuntimeSessionTimeout: 600, maxLifetime: 60 } }],
    ['roleArn', { ...aws, name: 'agent', containerUri }],
    ['bucket', { ...aws, name: 'agent', code: '.', roleArn: 'arn:aws:iam::123456789012:role/agent' }],
  ])('%s', async (field, options) => {
    const error = await deployAgent(options).catch((refused: unknown) => refused)
    expect(error).toBeInstanceOf(InvalidCall)
    expect(error).toMatchObject({ field })
  })
})
