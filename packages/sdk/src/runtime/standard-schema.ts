// What every validation library that follows Standard Schema (zod, valibot, arktype, …) offers. Types only: https://standardschema.dev.
import { HttpError } from './http-error.js'

export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type SchemaResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What callers send. */
export type SchemaInput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['input']

/** What the handler gets: defaults filled in, members transformed. */
export type SchemaOutput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output']

/** Anything that is callable may be a schema too (arktype's are), so the mark decides and not the type. */
export function isSchema(value: unknown): value is StandardSchema {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value
}

/** The payload as the schema gives it; 400 with each issue's message and path otherwise. */
export async function checked<Output>(schema: StandardSchema<unknown, Output>, payload: unknown): Promise<Output> {
  const result = await schema['~standard'].validate(payload)
  if (!result.issues) return result.value
  const details = result.issues.map(({ message, path = [] }) => ({
    message,
    path: path.map((part) => (typeof part === 'object' ? part.key : part)).map((key) => (typeof key === 'symbol' ? String(key) : key)),
  }))
  throw new HttpError(400, 'The payload does not match the schema', { details })
}
