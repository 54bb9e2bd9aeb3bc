// Where no session may send anything, whatever isolates it. Data, so that each level makes its own rules of it. Beside these the
// host's own addresses are refused, which only the host knows.
// IANA's special-purpose registries, as far as an address in them can lead to this host or its neighbours.

/** In no network mode, whatever a map of VPC ids says. */
export const neverIpv4: readonly string[] = [
  '0.0.0.0/8',
  // Networks of other sessions, and the router, are in here.
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local: the metadata address of every cloud is here.
  '169.254.0.0/16',
  // Azure's own metadata is not.
  '168.63.129.16/32',
  '192.0.0.0/24',
  // Relays of 6to4: packets to IPv6 inside IPv4.
  '192.88.99.0/24',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

export const neverIpv6: readonly string[] = [
  // All that is neither global unicast, 2000::/3, nor unique local: loopback, mapped and translated IPv4, link-local, multicast.
  '::/3',
  '4000::/2',
  '8000::/2',
  'c000::/3',
  'e000::/4',
  'f000::/5',
  'f800::/6',
  'fe00::/7',
  // Teredo and 6to4 carry an IPv4 address.
  '2001::/32',
  '2002::/16',
  // Metadata addresses of clouds, and the networks of other sessions.
  'fd00:ec2::/32',
  'fd20:ce::/32',
  'fd00:6177::/32',
]

/** The neighbours: open to a session of mode VPC as far as the operator's map names a range within one of these. */
export const privateIpv4: readonly string[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
export const privateIpv6: readonly string[] = ['fc00::/7']
