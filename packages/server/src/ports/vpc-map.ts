// What the ids of a VPC mean where there is none: the operator says it.

export interface VpcIds {
  subnets: readonly string[]
  securityGroups: readonly string[]
}

/** A way out that the ids open together. */
export interface VpcOpening {
  /** `all`: TCP, UDP and ping. */
  protocol: 'tcp' | 'udp' | 'all'
  /** As `443` or `8000-8080`; none for all of them. */
  ports: readonly string[]
  /** Ranges of both families, one at least. */
  to: readonly string[]
}

export interface VpcMeaning {
  /** None: no way out. */
  openings: readonly VpcOpening[]
  /** Who answers questions for names; none: nobody. */
  resolvers: readonly string[]
}

export interface VpcMap {
  /** As the map is now. PortError('vpc-map', 'unknown' | 'unreadable') says which id or place in it, and what mends it. */
  meaningOf(ids: VpcIds): Promise<VpcMeaning>
}
