// What a Query call answers: elements by the names of the model's members, lists as `member` elements.
import type { QueryTree, QueryValue } from '#kernel/query.js'

export function renderAnswer(operation: string, namespace: string, requestId: string, result: QueryTree): string {
  const content = `<${operation}Result>${renderTree(result)}</${operation}Result>`
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`
  return `<${operation}Response xmlns="${namespace}">${content}${metadata}</${operation}Response>`
}

function renderTree(tree: QueryTree): string {
  return Object.entries(tree)
    .map(([name, value]) => renderElement(name, value))
    .join('')
}

function renderElement(name: string, value: QueryValue): string {
  if (value === undefined) return ''
  return `<${name}>${contentOf(value)}</${name}>`
}

function contentOf(value: Exclude<QueryValue, undefined>): string {
  if (isList(value)) return value.map((one) => renderElement('member', one)).join('')
  return typeof value === 'object' ? renderTree(value) : escaped(String(value))
}

const isList = (value: QueryValue): value is readonly QueryValue[] => Array.isArray(value)

function escaped(text: string): string {
  // What XML cannot carry at all would make the whole answer unreadable.
  return text
    .replace(/[&<>"'\r\n\t]/g, (letter) => `&#${letter.charCodeAt(0)};`)
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
}
