// Where no session may send anything, whatever its network mode and whatever isolates it. Data, so that each level makes its own
// rules of it. Beside these the host's own addresses are refused, which only the host knows.
// IANA's special-purpose registries, as far as an address in them can lead to this host or its neighbours.

export const refusedIpv4: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local: the metadata address of every cloud is here.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  // Relays of 6to4: packets to IPv6 inside IPv4.
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

export const refusedIpv6: readonly string[] = [
  // All that is not global unicast, 2000::/3: loopback, mapped and translated IPv4, unique local, link-local, multicast.
  '::/3',
  '4000::/2',
  '8000::/1',
  // Teredo and 6to4 carry an IPv4 address.
  '2001::/32',
  '2002::/16',
]
