// IAM's rules as its user guide states them: reference_policies_elements_*, reference_policies_evaluation-logic.
import { describe, expect, it } from 'vitest'
import { compilePolicy } from './compile-policy.js'
import { decide, type NamedPolicy } from './decide.js'
import { type PolicyKind, parsePolicy } from './parse-policy.js'
import type { Principal } from './principals.js'

const account = '000000000000'
/** A policy's variable. */
const variable = (inside: string) => `\${${inside}}`
const alice: Principal = { kind: 'user', account, principalArn: `arn:aws:iam::${account}:user/alice` }
const session: Principal = {
  kind: 'session',
  account,
  principalArn: `arn:aws:sts::${account}:assumed-role/R/s`,
  roleArn: `arn:aws:iam::${account}:role/R`,
}

interface Statement {
  Effect?: 'Allow' | 'Deny'
  [member: string]: unknown
}

function policyOf(kind: PolicyKind, statements: readonly Statement[], Version = '2012-10-17'): NamedPolicy {
  const Statement = statements.map((one) => ({
    Effect: 'Allow',
    ...(one.NotAction === undefined && { Action: '*' }),
    ...(one.NotResource === undefined && { Resource: '*' }),
    ...one,
  }))
  return { name: kind, policy: compilePolicy(parsePolicy(JSON.stringify({ Version, Statement }), kind)) }
}

interface Request {
  action?: string
  resource?: string
  context?: Record<string, string | string[]>
  principal?: Principal
}

function allows(
  statements: readonly Statement[],
  request: Request = {},
  more: { onResource?: readonly Statement[]; narrowed?: readonly Statement[] } = {},
) {
  const { action = 's3:GetObject', resource = 'arn:aws:s3:::bucket/key', context = {}, principal = alice } = request
  const values = (key: string) => {
    const value = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
    return value === undefined ? undefined : [value].flat()
  }
  const policies = {
    identity: statements.length > 0 ? [policyOf('identity', statements)] : [],
    session: more.narrowed && [policyOf('identity', more.narrowed)],
    resource: more.onResource && policyOf('resource', more.onResource),
    isTrust: false,
  }
  return decide(policies, { principal, action, resource, values }).allowed
}

describe('actions and resources', () => {
  it.each<[Statement, Request, boolean]>([
    [{ Action: 's3:Get*' }, {}, true],
    [{ Action: 'S3:getobject' }, {}, true],
    [{ Action: 's3:?etObject' }, {}, true],
    [{ Action: 's3:Put*' }, {}, false],
    [{ Action: ['ec2:*', 's3:*Object'] }, {}, true],
    [{ NotAction: 's3:Delete*' }, {}, true],
    [{ NotAction: 's3:*' }, {}, false],
    [{ Resource: 'arn:aws:s3:::bucket/*' }, {}, true],
    [{ Resource: 'arn:aws:s3:::BUCKET/*' }, {}, false],
    [{ Resource: 'arn:aws:s3:::bucket/k?y' }, {}, true],
    [{ Resource: 'arn:aws:s3*' }, {}, true],
    [{ Resource: 'arn:aws:iam::*:role/R' }, { resource: `arn:aws:iam::${account}:role/evil:role/R` }, false],
    [{ NotResource: 'arn:aws:s3:::bucket/*' }, {}, false],
    [{ NotResource: 'arn:aws:s3:::other/*' }, {}, true],
    [{ Resource: `arn:aws:s3:::${variable('aws:username')}/*` }, { context: { 'aws:username': 'bucket' } }, true],
    [{ Resource: `arn:aws:s3:::${variable('aws:username')}/*` }, { context: { 'aws:username': '*' } }, false],
    [{ Resource: `arn:aws:s3:::${variable('aws:username')}/*` }, {}, false],
    [{ NotResource: `arn:aws:s3:::${variable('aws:username')}/*` }, {}, false],
    [{ Resource: `arn:aws:s3:::${variable("aws:username, 'bucket'")}/*` }, {}, true],
    [{ Resource: `arn:aws:s3:::bucket/${variable('*')}` }, { resource: 'arn:aws:s3:::bucket/*' }, true],
    [{ Resource: `arn:aws:s3:::bucket/${variable('*')}` }, {}, false],
  ])('%j of %j: %j', (statement, request, allowed) => {
    expect(allows([statement], request)).toBe(allowed)
  })

  it('know no variables in a policy of 2008', () => {
    const policy = policyOf('identity', [{ Resource: `arn:aws:s3:::${variable('aws:username')}/*` }], '2008-10-17')
    const values = () => ['bucket']
    const asked = { principal: alice, action: 's3:GetObject', values }
    expect(policy.policy.ask({ ...asked, resource: 'arn:aws:s3:::bucket/key' })).toEqual([])
    expect(policy.policy.ask({ ...asked, resource: `arn:aws:s3:::${variable('aws:username')}/key` })).toHaveLength(1)
  })

  it('are matched in time that no pattern can stretch', () => {
    const resource = `arn:aws:s3:::${'a'.repeat(1_000)}`
    expect(allows([{ Resource: `arn:aws:s3:::${'*a'.repeat(200)}b` }], { resource })).toBe(false)
  })
})

describe('conditions', () => {
  const many = { 'aws:TagKeys': ['a', 'b'] }
  it.each<[object, Request['context'], boolean]>([
    [{ StringEquals: { 'aws:username': ['bob', 'alice'] } }, { 'AWS:UserName': 'alice' }, true],
    [{ StringEquals: { 'aws:username': 'Alice' } }, { 'aws:username': 'alice' }, false],
    [{ StringEqualsIgnoreCase: { 'aws:username': 'ALICE' } }, { 'aws:username': 'alice' }, true],
    [{ StringEquals: { 'aws:username': 'al*' } }, { 'aws:username': 'alice' }, false],
    [{ StringLike: { 'aws:username': 'al*' } }, { 'aws:username': 'alice' }, true],
    [{ StringEquals: { 'aws:username': 'alice' } }, {}, false],
    [{ StringEqualsIfExists: { 'aws:username': 'alice' } }, {}, true],
    [{ StringNotEquals: { 'aws:username': ['alice', 'bob'] } }, { 'aws:username': 'bob' }, false],
    [{ StringNotEquals: { 'aws:username': 'alice' } }, {}, true],
    [{ StringEquals: { 'aws:username': 'a', 'aws:userid': 'b' } }, { 'aws:username': 'a', 'aws:userid': 'c' }, false],
    [{ StringEquals: { 'aws:username': variable('aws:userid') } }, { 'aws:username': 'x', 'aws:userid': 'x' }, true],
    [{ Null: { 'aws:username': 'true' } }, {}, true],
    [{ Null: { 'aws:username': 'false' } }, {}, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': 'true' }, true],
    [{ NumericLessThan: { 'sts:DurationSeconds': 3600 } }, { 'sts:DurationSeconds': '900' }, true],
    [{ NumericLessThan: { 'sts:DurationSeconds': '3600' } }, { 'sts:DurationSeconds': 'many' }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, { 'aws:CurrentTime': '2026-06-01T00:00:00Z' }, true],
    [{ DateLessThan: { 'aws:EpochTime': '1000' } }, { 'aws:EpochTime': '2000' }, false],
    [{ IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] } }, { 'aws:SourceIp': '2001:db8::1' }, true],
    [{ IpAddress: { 'aws:SourceIp': 'nonsense/99' } }, { 'aws:SourceIp': '192.0.2.1' }, false],
    [{ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, { 'aws:SourceIp': '192.0.2.1' }, false],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:1:function:*' } }, { 'aws:SourceArn': 'arn:aws:lambda:eu-west-1:1:function:f' }, true],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:*:1:b' } }, { 'aws:SourceArn': 'arn:aws:s3:a:b:1:b' }, false],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:lambda:*:*:*' } }, { 'aws:SourceArn': 'arn:aws:sns:a:1:t' }, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }, many, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, many, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b', 'z'] } }, many, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b'] } }, {}, false],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } }, many, true],
    [{ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['a'] } }, many, false],
  ])('%j in %j: %j', (Condition, context, allowed) => {
    expect(allows([{ Condition }], { context })).toBe(allowed)
  })
})

describe('together', () => {
  it('an explicit deny wins, wherever it stands', () => {
    const deny = { Effect: 'Deny' as const, Action: 's3:GetObject' }
    expect(allows([{}, deny])).toBe(false)
    expect(allows([{}], {}, { onResource: [{ ...deny, Principal: '*' }] })).toBe(false)
    expect(allows([deny], {}, { onResource: [{ Principal: '*' }] })).toBe(false)
    expect(allows([{}], {}, { narrowed: [{}, deny] })).toBe(false)
  })

  it('in one account either side may allow; naming the account leaves it to the account', () => {
    expect(allows([])).toBe(false)
    expect(allows([], {}, { onResource: [{ Principal: { AWS: `arn:aws:iam::${account}:user/alice` } }] })).toBe(true)
    expect(allows([], {}, { onResource: [{ Principal: '*' }] })).toBe(true)
    expect(allows([], {}, { onResource: [{ Principal: { AWS: account } }] })).toBe(false)
    expect(allows([{}], {}, { onResource: [{ Principal: { AWS: account } }] })).toBe(true)
    expect(allows([], {}, { onResource: [{ Principal: { AWS: `arn:aws:iam::${account}:user/bob` } }] })).toBe(false)
    expect(allows([{}], {}, { onResource: [{ Effect: 'Deny', NotPrincipal: { AWS: `arn:aws:iam::${account}:user/bob` } }] })).toBe(false)
    expect(allows([{}], {}, { onResource: [{ Effect: 'Deny', NotPrincipal: { AWS: `arn:aws:iam::${account}:user/alice` } }] })).toBe(true)
    expect(allows([], {}, { onResource: [{ Principal: { Service: 'lambda.amazonaws.com' } }] })).toBe(false)
  })

  it('a session policy narrows the role, and what a resource grants the role, and not what it grants the session', () => {
    const narrowed = [{ Action: 's3:PutObject' }]
    const request = { principal: session }
    expect(allows([{}], request, { narrowed })).toBe(false)
    expect(allows([{}], { ...request, action: 's3:PutObject' }, { narrowed })).toBe(true)
    expect(allows([], request, { narrowed, onResource: [{ Principal: { AWS: session.kind === 'session' ? session.roleArn : '' } }] })).toBe(false)
    expect(allows([], request, { narrowed, onResource: [{ Principal: { AWS: `arn:aws:sts::${account}:assumed-role/R/s` } }] })).toBe(true)
    // A trust policy is no way around it either.
    const trust = (AWS: string) => ({ ...policyOf('trust', [{ Principal: { AWS }, Action: 'sts:AssumeRole', Resource: undefined }]) })
    const takes = (AWS: string, more = narrowed) =>
      decide(
        { identity: [policyOf('identity', [{}])], session: [policyOf('identity', more)], resource: trust(AWS), isTrust: true },
        { principal: session, action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/Other`, values: () => undefined },
      ).allowed
    for (const AWS of [`arn:aws:iam::${account}:role/R`, '*', `arn:aws:iam::${account}:root`]) {
      expect(takes(AWS)).toBe(false)
      expect(takes(AWS, [{ Action: 'sts:AssumeRole' }])).toBe(true)
    }
    expect(takes(`arn:aws:sts::${account}:assumed-role/R/s`)).toBe(true)
  })
})
