// XML as S3 speaks it: a tree of named elements, no attributes but the namespace.
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { BucketError } from '#ports/bucket-errors.js'

export type XmlTree = { readonly [name: string]: XmlValue }
type XmlValue = string | number | boolean | undefined | XmlTree | readonly XmlTree[]

const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** Text that XML can carry: what it cannot is never stored (see the rules for keys). */
function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r\n\t]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

export function renderXml(root: string, content: XmlTree | string, namespace: string | null = s3Namespace): string {
  const attribute = namespace === null ? '' : ` xmlns="${namespace}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${typeof content === 'string' ? escapeXml(content) : renderTree(content)}</${root}>`
}

function renderTree(tree: XmlTree): string {
  let text = ''
  for (const [name, value] of Object.entries(tree)) {
    if (value === undefined) continue
    if (Array.isArray(value)) for (const one of value as readonly XmlTree[]) text += `<${name}>${renderTree(one)}</${name}>`
    else if (typeof value === 'object') text += `<${name}>${renderTree(value as XmlTree)}</${name}>`
    else text += `<${name}>${escapeXml(String(value))}</${name}>`
  }
  return text
}

export type ReadXml = string | { readonly [name: string]: ReadXml | readonly ReadXml[] }

// Entities are left alone: the five of XML are decoded below, and nothing else may be declared.
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, processEntities: false, trimValues: false, removeNSPrefix: true })

/** The content of the one element `root`. Throws MalformedXML. */
export function readXml(bytes: Buffer, root: string): Readonly<Record<string, ReadXml | readonly ReadXml[]>> {
  const text = bytes.toString('utf8')
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw malformedXml('a document type is not accepted')
  if (XMLValidator.validate(text) !== true) throw malformedXml('it cannot be parsed')
  const parsed = parseSafely(text)
  const content = parsed[root]
  if (content === undefined) throw malformedXml(`its root element must be ${root}`)
  return typeof content === 'object' && content !== null ? (content as Record<string, ReadXml>) : {}
}

function parseSafely(text: string): Record<string, unknown> {
  try {
    return parser.parse(text) as Record<string, unknown>
  } catch {
    throw malformedXml('it cannot be parsed')
  }
}

/** The elements called `name`, however many there are. */
export function elements(parent: Readonly<Record<string, ReadXml | readonly ReadXml[]>>, name: string): Readonly<Record<string, ReadXml>>[] {
  const found = Object.hasOwn(parent, name) ? parent[name] : undefined
  const list = found === undefined ? [] : Array.isArray(found) ? found : [found]
  return list.map((one) => (typeof one === 'object' ? one : {}) as Record<string, ReadXml>)
}

/** The text of the element called `name`; `undefined` when there is none. */
export function textOf(parent: Readonly<Record<string, ReadXml | readonly ReadXml[]>>, name: string): string | undefined {
  const found = Object.hasOwn(parent, name) ? parent[name] : undefined
  return typeof found === 'string' ? unescapeXml(found) : undefined
}

/** White space between elements shows up under this name. */
export const betweenElements = '#text'

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g, (whole, decimal, hexadecimal, name) => {
    if (name) return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name as 'amp'] ?? whole
    const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

export function malformedXml(why: string): BucketError {
  return new BucketError('MalformedXML', `The XML you provided was not well-formed or did not validate against our published schema: ${why}.`)
}
