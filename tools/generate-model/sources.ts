// What packages/model/sources holds: constraint facts taken from botocore, see extract-constraints.ts.
import { readFileSync } from 'node:fs'

export interface Constraints {
  /** botocore's type: string, integer, long, float, double, boolean, timestamp, blob, list, map. */
  kind: string
  min?: number
  max?: number
  pattern?: string
  enum?: string[]
  element?: string
  key?: string
  value?: string
}

export interface ConstraintSource {
  source: string
  shapes: Record<string, Constraints>
  /** Structure or union -> member -> name of the shape it targets. */
  members: Record<string, Record<string, string>>
}

export function readConstraints(service: string): ConstraintSource {
  return JSON.parse(readFileSync(new URL(`../../packages/model/sources/${service}.json`, import.meta.url), 'utf8'))
}
