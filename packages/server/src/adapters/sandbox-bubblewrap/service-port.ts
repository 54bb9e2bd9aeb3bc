// The forwarder answers on 443 inside, where clients with AWS's hosts fixed in them look, and it has no rights: so low ports are
// anybody's in the session's own network. Networks with a way out are made so; this is for those that bubblewrap makes.
import { run } from '#adapters/egress/child.js'

const anybodys = 'echo 443 >/proc/sys/net/ipv4/ip_unprivileged_port_start'

/** Where the platform has no right over that network, programs without our preload find nobody on the port. */
export async function openServicePort(firstPid: number): Promise<void> {
  if (process.getuid?.() !== 0) return
  await run(['/usr/bin/nsenter', `--net=/proc/${firstPid}/ns/net`, '--', '/bin/sh', '-c', anybodys]).catch(() => {})
}
