// `additionalModelResponseFieldPaths`: members of the vendor's own answer that a caller asks for beside Converse's, as JSON Pointers.
import { invalid } from '#kernel/errors.js'

/** As AWS: "Converse and ConverseStream reject an empty JSON Pointer or incorrectly structured JSON Pointer with a 400 error code". */
export function refuseMalformedPaths(paths: readonly string[] = []): void {
  paths.forEach((path, index) => {
    if (!/^(?:\/(?:[^/~]|~[01])*)+$/.test(path))
      throw invalid(`additionalModelResponseFieldPaths.${index}`, 'is not a JSON Pointer; write it as /stop_sequence')
  })
}

/** What the paths lead to, where it stood. As AWS: a path to what the answer does not hold is ignored. */
export function responseFields(paths: readonly string[] | undefined, response: object): { additionalModelResponseFields?: object } {
  const found = (paths ?? []).flatMap((path) => {
    const names = path
      .slice(1)
      .split('/')
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    const value = names.reduce<unknown>(memberOf, response)
    return value === undefined ? [] : [names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)]
  })
  return found.length === 0 ? {} : { additionalModelResponseFields: found.reduce<object>(merged, {}) }
}

/** Vendors tell which stop sequence it was, at the end of a whole answer and in the last change of a streamed one. */
export function stopSequenceFields(sequence: string | null): object {
  return { stop_sequence: sequence, delta: { stop_sequence: sequence } }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function merged(one: object, other: unknown): object {
  const both: Record<string, unknown> = { ...one }
  for (const [name, value] of Object.entries(other ?? {})) {
    const known = both[name]
    both[name] = typeof known === 'object' && known !== null && typeof value === 'object' ? merged(known, value) : value
  }
  return both
}
