import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openVpcFile, vpcFile } from './vpc-file.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-vpc-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const path = join(dir, 'vpc.json')
const ids = { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-12345678'] }
const write = (text: unknown) => writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text))

it('says of ids without a meaning what to add, and what was added counts at once', async () => {
  const fault: Error = await vpcFile(path)
    .meaningOf(ids)
    .then(
      () => {
        throw new Error('known')
      },
      (error: Error) => error,
    )
  expect(fault.message).toContain(`${path} does not say what subnet-0123456789abcdef0, sg-12345678 mean here.`)
  const [line = ''] = /\{.*?\}\}/.exec(fault.message) ?? []
  write(line)
  expect(await vpcFile(path).meaningOf(ids)).toEqual({ openings: [], resolvers: [] })
})

it('opens the ranges of all subnets by the rules of all groups', async () => {
  write({
    subnets: { 'subnet-0123456789abcdef0': ['10.20.0.0/16', 'fd12::/48'] },
    securityGroups: { 'sg-12345678': [{ protocol: 'tcp', ports: [443, '8000-8080'] }, { protocol: 'udp' }] },
    resolvers: ['10.20.0.2'],
  })
  const to = ['10.20.0.0/16', 'fd12::/48']
  expect(await vpcFile(path).meaningOf(ids)).toEqual({
    openings: [
      { protocol: 'tcp', ports: ['443', '8000-8080'], to },
      { protocol: 'udp', ports: [], to },
    ],
    resolvers: ['10.20.0.2'],
  })
})

it.each([
  ['{', /JSON/],
  ['[]', /the file must be an object/],
  [{ subnet: {} }, /the file has "subnet"; it may have subnets, securityGroups, resolvers/],
  [{ subnets: { 'vpc-1': [] } }, /subnets has "vpc-1"; an id must match subnet-/],
  [{ subnets: { 'subnet-12345678': '10.0.0.0/8' } }, /subnets.subnet-12345678 must be a list/],
  [{ subnets: { 'subnet-12345678': ['10.0.0.0'] } }, /subnets.subnet-12345678\[0\] is "10.0.0.0"; it must be a range such as/],
  [{ subnets: { 'subnet-12345678': ['10.0.0.0/33'] } }, /must be a range/],
  [{ subnets: { 'subnet-12345678': ['169.254.169.254/32'] } }, /in 169.254.0.0\/16, which no session may reach/],
  [{ subnets: { 'subnet-12345678': ['fd00:ec2::254/128'] } }, /in fd00:ec2::\/32/],
  [{ subnets: { 'subnet-12345678': ['127.0.0.0/8'] } }, /in 127.0.0.0\/8/],
  [{ securityGroups: { 'sg-12345678': [{ protocol: 'icmp' }] } }, /\[0\].protocol is "icmp"; it must be tcp, udp or all/],
  [{ securityGroups: { 'sg-12345678': [{ protocol: 'tcp', port: 1 }] } }, /\[0\] has "port"; it may have protocol, ports/],
  [{ securityGroups: { 'sg-12345678': [{ protocol: 'tcp', ports: [0] }] } }, /ports\[0\] is 0; it must be a port/],
  [{ securityGroups: { 'sg-12345678': [{ protocol: 'tcp', ports: ['9-8'] }] } }, /must be a port/],
  [{ securityGroups: { 'sg-12345678': [{ protocol: 'all', ports: [1] }] } }, /ports goes with tcp or udp/],
  [{ resolvers: ['dns.internal'] }, /resolvers\[0\] is "dns.internal"; it must be an address/],
])('refuses %j when it is read, with its place', async (text, message) => {
  write(text)
  await expect(vpcFile(path).meaningOf(ids)).rejects.toThrow(message)
  await expect(openVpcFile(path, 'unused')).rejects.toThrow(message)
})

it('may lack the usual file, but not the one that was named', async () => {
  const absent = join(dir, 'absent.json')
  await expect(openVpcFile(absent, path)).rejects.toThrow(`AGENTWORKS_VPC_FILE names ${absent}, which cannot be read`)
  await expect((await openVpcFile(undefined, absent)).meaningOf({ subnets: [], securityGroups: [] })).resolves.toEqual({
    openings: [],
    resolvers: [],
  })
})
