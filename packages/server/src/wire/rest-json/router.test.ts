import { bedrockAgentCore } from '@agentworks/model'
import { expect, test } from 'vitest'
import { ServiceError } from '#kernel/errors.js'
import { router } from './router.js'

const route = router(Object.values(bedrockAgentCore.operations))

function refusal(method: string, path: string): ServiceError {
  try {
    route(method, path)
  } catch (thrown) {
    if (thrown instanceof ServiceError) return thrown
  }
  throw new Error(`${method} ${path} was not refused`)
}

test('every one of the 238 templates leads to its own operation, with and without its trailing slash', () => {
  for (const { name, method, uri } of Object.values(bedrockAgentCore.operations)) {
    const path = uri.replaceAll(/\{(\w+)\}/g, 'value-of-$1')
    expect(route(method, path).operation.name).toBe(name)
    const other = path.endsWith('/') ? path.slice(0, -1) : path
    expect(route(method, other).operation.name).toBe(name)
    for (const [label, value] of Object.entries(route(method, path).labels)) expect(value).toBe(`value-of-${label}`)
  }
})

test.each([
  ['PUT', '/runtimes', 'CreateAgentRuntime'],
  ['PUT', '/runtimes/', 'CreateAgentRuntime'],
  ['GET', '/memories/create/details', 'GetMemory'],
  ['POST', '/memories/create/events', 'CreateEvent'],
  ['POST', '/browsers/', 'ListBrowsers'],
])('%s %s is %s', (method, path, name) => {
  expect(route(method, path).operation.name).toBe(name)
})

test('decodes a label once, after the path is split', () => {
  expect(route('GET', '/tags/arn%3Aaws%3Ax%2Fy%2Fz').labels).toEqual({ resourceArn: 'arn:aws:x/y/z' })
  expect(route('GET', '/tags/a%252Fb').labels).toEqual({ resourceArn: 'a%2Fb' })
  expect(route('GET', '/tags/caf%C3%A9%20%2B').labels).toEqual({ resourceArn: 'café +' })
})

test.each([
  ['GET', '/gateways//', 'gatewayIdentifier'],
  ['GET', '/harnesses/', 'harnessId'],
  ['DELETE', '/memories//delete', 'memoryId'],
  ['GET', '/gateways/./', 'gatewayIdentifier'],
  ['GET', '/gateways/../', 'gatewayIdentifier'],
  ['GET', '/gateways/%2E%2e/', 'gatewayIdentifier'],
])('%s %s is refused and names %s', (method, path, label) => {
  const { code, members } = refusal(method, path)
  expect(code).toBe('ValidationException')
  expect(members.fieldList).toEqual([{ name: label, message: expect.any(String) }])
})

test.each(['/gateways/%/', '/gateways/%zz/', '/gateways/%C3/', '/gateways/%ff/'])('a malformed escape in %s is the caller’s fault', (path) => {
  expect(refusal('GET', path).code).toBe('ValidationException')
})

test.each([
  ['PATCH', '/runtimes/', 'PUT'],
  ['BREW', '/runtimes/', 'PUT'],
  ['GET', '/runtimes/agent/invocations', 'POST'],
  ['DELETE', '/runtimes/agent/invocations/', 'POST'],
])('%s %s is answered with what the path takes', (method, path, allowed) => {
  const { code, message } = refusal(method, path)
  expect(code).toBe('MethodNotAllowedException')
  expect(message).toContain(allowed)
})

test.each([
  ['GET', '/'],
  ['GET', ''],
  ['GET', '/nothing'],
  ['GET', '/gateways///'],
  ['GET', '/gateways/a/b/c/d/e/f'],
  ['GET', '//gateways/'],
])('%s %s is no operation', (method, path) => {
  expect(refusal(method, path).code).toBe('UnknownOperationException')
})
