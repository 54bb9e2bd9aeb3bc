import { expect, it } from 'vitest'
import { localIpv4, localIpv6 } from './own-addresses.js'

it('reads from the kernel’s tables every IPv4 address and range at which the host answers, broadcasts too', () => {
  const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
        |-- 192.0.2.2
           /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
     |-- 203.0.113.0
        /24 host LOCAL`
  expect(localIpv4(trie)).toEqual(['192.0.2.2/32', '192.0.2.255/32', '203.0.113.0/24'])
})

it('reads every IPv6 address at which the host answers, and none that it only routes', () => {
  const zeros = '0'.repeat(32)
  const row = (destination: string, length: string, flags: string, device: string) =>
    `${destination} ${length} ${zeros} 00 ${zeros} 00000000 00000001 00000000 ${flags}     ${device}`
  const routes = [
    row('20010db8000100000000000000000000', '40', '00000001', 'eth0'),
    row('20010db8000100000000000000000002', '80', '80200001', 'eth0'),
    row('20010db8000200000000000000000000', '30', '80200001', 'lo'),
    row(zeros, '00', '00000003', 'eth0'),
  ].join('\n')
  expect(localIpv6(routes)).toEqual(['2001:0db8:0001:0000:0000:0000:0000:0002/128', '2001:0db8:0002:0000:0000:0000:0000:0000/48'])
})
