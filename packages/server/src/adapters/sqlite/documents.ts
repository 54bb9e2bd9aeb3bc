// The statements over one connection, prepared once. Synchronous: a key is found in microseconds.
import type { DatabaseSync } from 'node:sqlite'
import { PortError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Collection, Page, Row } from '#ports/store.js'
import { type KeptTexts, keyOf } from './kept-texts.js'
import { keyRange } from './key-range.js'

const oneKey = 'collection = ? AND account = ? AND region = ? AND id = ?'

/** `kept` only where no uncommitted write can be seen. */
export function documentReads(db: DatabaseSync, kept?: KeptTexts) {
  const get = db.prepare(`SELECT document FROM documents WHERE ${oneKey}`)
  const list = db.prepare(
    'SELECT id, document FROM documents WHERE collection = ? AND account = ? AND region = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?',
  )
  const all = db.prepare('SELECT account, region, id, document FROM documents WHERE collection = ? ORDER BY account, region, id')
  return {
    get<D>(from: Collection<D>, scope: Scope, id: string): D | undefined {
      // Text that is no Unicode cannot be stored, so it names nothing; SQLite would look for a replaced character.
      if (!id.isWellFormed()) return undefined
      const key = keyOf(from.name, scope, id)
      let text = kept?.get(key)
      if (text === undefined) {
        const row = get.get(from.name, scope.account, scope.region, id)
        if (!row) return undefined
        text = String(row.document)
        kept?.keep(key, text)
      }
      // Parsed anew for each reader: what one of them changes is nobody else's.
      return parsed(text, from, scope, id)
    },

    list<D>(from: Collection<D>, scope: Scope, page: Page = {}): Row<D>[] {
      if (page.prefix?.isWellFormed() === false) return []
      const range = keyRange({ ...page, after: page.after?.toWellFormed() })
      const rows = list.all(from.name, scope.account, scope.region, range.from, range.to, page.limit ?? -1)
      const { account, region } = scope
      return rows.map((row) => {
        const id = String(row.id)
        return { account, region, id, document: parsed<D>(String(row.document), from, scope, id) }
      })
    },

    all<D>(from: Collection<D>): Row<D>[] {
      return all.all(from.name).map((row) => {
        const [account, region, id] = [String(row.account), String(row.region), String(row.id)]
        return { account, region, id, document: parsed<D>(String(row.document), from, { account, region }, id) }
      })
    },
  }
}

/** The parser's own words could quote the document. */
function parsed<D>(text: string, from: Collection<D>, { account, region }: Scope, id: string): D {
  try {
    return JSON.parse(text) as D
  } catch {
    throw new PortError('store', 'damaged', `the document ${id} of ${from.name} in ${account}/${region} was damaged on disk`)
  }
}

/** `onWrite` hears the key of every row that is about to change. */
export function documentWrites(db: DatabaseSync, onWrite: (key: string) => void) {
  const insert = db.prepare('INSERT INTO documents VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const put = db.prepare(
    'INSERT INTO documents VALUES (?, ?, ?, ?, ?) ON CONFLICT (collection, account, region, id) DO UPDATE SET document = excluded.document',
  )
  const remove = db.prepare(`DELETE FROM documents WHERE ${oneKey}`)
  return {
    insert<D>(into: Collection<D>, scope: Scope, id: string, document: D): boolean {
      onWrite(keyOf(into.name, scope, id))
      return insert.run(into.name, scope.account, scope.region, storable(id), asText(into, id, document)).changes === 1
    },

    put<D>(into: Collection<D>, scope: Scope, id: string, document: D): void {
      onWrite(keyOf(into.name, scope, id))
      put.run(into.name, scope.account, scope.region, storable(id), asText(into, id, document))
    },

    delete<D>(from: Collection<D>, scope: Scope, id: string): boolean {
      onWrite(keyOf(from.name, scope, id))
      return id.isWellFormed() && remove.run(from.name, scope.account, scope.region, id).changes === 1
    },
  }
}

function storable(id: string): string {
  if (!id.isWellFormed()) throw new PortError('store', 'bad-id', 'an id must be well-formed Unicode: this one has half of a surrogate pair')
  return id
}

function asText(into: Collection<unknown>, id: string, document: unknown): string {
  const text = JSON.stringify(document)
  if (text === undefined) throw new PortError('store', 'bad-document', `the document ${into.name}/${id} has no JSON form`)
  return text
}
