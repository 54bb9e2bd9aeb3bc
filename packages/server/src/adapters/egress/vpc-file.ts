// The operator's map of VPC ids: one small JSON file, read anew each time, so that a change needs no restart.
import { access, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { PortError } from '#kernel/errors.js'
import type { VpcIds, VpcMap, VpcMeaning, VpcOpening } from '#ports/vpc-map.js'
import { emptyMap, parseVpcMap, type VpcDocument } from './parse-vpc-map.js'

/** The named file, which must be there, or the usual one, which may come later. PortError('vpc-map', 'unreadable') when it cannot be meant. */
export async function openVpcFile(named: string | undefined, usual: string): Promise<VpcMap> {
  const path = named === undefined ? usual : resolve(named)
  if (named !== undefined)
    await access(path).catch((cause: Error) => {
      throw new PortError('vpc-map', 'unreadable', `AGENTWORKS_VPC_FILE names ${path}, which cannot be read: ${cause.message}`, { cause })
    })
  await read(path)
  return vpcFile(path)
}

/** No file counts as an empty map. */
export function vpcFile(path: string): VpcMap {
  return {
    async meaningOf(ids) {
      const map = await read(path)
      refuseUnknown(ids, map, path)
      return meaning(ids, map)
    },
  }
}

async function read(path: string): Promise<VpcDocument> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return emptyMap
    throw new PortError('vpc-map', 'unreadable', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
  const found = parseVpcMap(text)
  if ('fault' in found) throw new PortError('vpc-map', 'unreadable', `${path} is not a map of VPC ids: ${found.fault}`)
  return found
}

/** All that is missing at once, as it can be pasted: deploying here is one step. */
function refuseUnknown(ids: VpcIds, map: VpcDocument, path: string): void {
  const missing = {
    subnets: ids.subnets.filter((id) => !Object.hasOwn(map.subnets, id)),
    securityGroups: ids.securityGroups.filter((id) => !Object.hasOwn(map.securityGroups, id)),
  }
  const all = [...missing.subnets, ...missing.securityGroups]
  if (all.length === 0) return
  const lines = Object.fromEntries(
    Object.entries(missing)
      .filter(([, list]) => list.length > 0)
      .map(([kind, list]) => [kind, Object.fromEntries(list.map((id) => [id, []]))]),
  )
  throw new PortError(
    'vpc-map',
    'unknown',
    `${path} does not say what ${all.join(', ')} ${all.length > 1 ? 'mean' : 'means'} here. Add ${JSON.stringify(lines)}, which is no way out, ` +
      'or ranges such as ["10.20.0.0/16"] for a subnet and rules such as [{"protocol":"tcp","ports":[443]}] for a security group. See docs/guide/network.md.',
  )
}

function meaning({ subnets, securityGroups }: VpcIds, map: VpcDocument): VpcMeaning {
  const to = [...new Set(subnets.flatMap((id) => map.subnets[id] ?? []))]
  const rules = securityGroups.flatMap((id) => map.securityGroups[id] ?? [])
  const openings: VpcOpening[] = to.length === 0 ? [] : rules.map((rule) => ({ ...rule, to }))
  return { openings, resolvers: openings.length === 0 ? [] : map.resolvers }
}
