// Members of a model request that are JSON inside JSON, read the same way for every provider that takes them.
import { invalid } from '#kernel/errors.js'

/** The schema of a structured answer, which travels as JSON text. */
export function outputSchema(schema: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(schema)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // falls through to the one message
  }
  throw invalid('outputConfig.textFormat.structure.jsonSchema.schema', 'is not a JSON object; send the schema as JSON text')
}

/** `additionalModelRequestFields`: what the model takes beyond Converse. */
export function additionalFields(fields: unknown): Record<string, unknown> {
  if (fields === undefined) return {}
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return { ...fields }
  throw invalid('additionalModelRequestFields', 'must be a JSON object')
}
