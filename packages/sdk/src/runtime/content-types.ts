// Bodies that are not JSON: a parser for a content type, asked before the body is taken for JSON.

/** Makes the payload of a body; a fault answers 400. `contentType` is the whole header, with its parameters. */
export type BodyParser = (body: Buffer, contentType: string) => unknown

/** Type without parameters, in lower case: `text/csv`. */
export const mediaType = (contentType: string) => contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
