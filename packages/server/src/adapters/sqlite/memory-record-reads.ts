// What is read of memories' records, over one connection. Synchronous: each is a range of an index, or a bounded walk of the words'.
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { MemoryKey } from '#ports/memory-events.js'
import type { Around, Beside, RecordMetadata, RecordPage, RecordPlace, RecordScope, RecordSource, StoredRecord } from '#ports/memory-records.js'
import { recordFilter } from './memory-record-filter.js'
import { placeOf, placeTerm } from './memory-record-places.js'

type Values = Record<string, SQLOutputValue>
type Bound = string | number

const columns = 'r.record, r.record_id, p.name AS namespace, r.strategy_id, r.at, r.updated_at, r.metadata, r.terms, r.source, r.text'
const rows = 'memory_records r CROSS JOIN memory_record_places p ON p.place = r.namespace'
/** Kinds of question whose statement is kept: the usual ones are a handful. */
const keptStatements = 64
const lookedAtOnePath = 1000

export function memoryRecordReads(db: DatabaseSync) {
  const memoryOf = db.prepare('SELECT memory FROM memory_record_keys WHERE account = ? AND region = ? AND memory_id = ?')
  const one = db.prepare(`SELECT ${columns} FROM ${rows} WHERE r.memory = ? AND r.record_id = ?`)
  // CROSS: the numbers lead to the rows, never all rows of the memory to the numbers.
  const byRow = db.prepare(
    `SELECT ${columns} FROM json_each(?) j CROSS JOIN memory_records r ON r.record = j.value JOIN memory_record_places p ON p.place = r.namespace WHERE r.memory = ?`,
  )
  const placeRow = db.prepare('SELECT place, records FROM memory_record_places WHERE memory = ? AND kind = ? AND name = ?')
  const namespacesFrom = db.prepare(
    `SELECT place, name FROM memory_record_places WHERE memory = ? AND kind = 'namespace' AND name >= ? AND records > 0 ORDER BY name LIMIT 100`,
  )
  const kept = new Map<string, StatementSync>()

  function statement(text: string): StatementSync {
    const known = kept.get(text)
    if (known) return known
    const fresh = db.prepare(text)
    if (kept.size < keptStatements) kept.set(text, fresh)
    return fresh
  }

  const all = (text: string, values: Bound[]): StoredRecord[] =>
    statement(text)
      .all(...values)
      .map(asRecord)

  const findMemory = ({ account, region, memoryId }: MemoryKey) => {
    const row = memoryOf.get(account, region, memoryId)
    return row && Number(row.memory)
  }

  function findPlace(memory: MemoryKey, scope: RecordScope): { memory: number; place: number; records: number } | undefined {
    const found = findMemory(memory)
    const { kind, name } = placeOf(scope)
    const row = found === undefined ? undefined : placeRow.get(found, kind, name)
    return found !== undefined && row ? { memory: found, place: Number(row.place), records: Number(row.records) } : undefined
  }

  function ofNamespace(place: number, scope: RecordScope, { limit, after }: RecordPage): StoredRecord[] {
    const { condition, values } = recordFilter(scope)
    const select = (where: string, bound: Bound[], most: number) =>
      most <= 0
        ? []
        : all(`SELECT ${columns} FROM ${rows} WHERE r.namespace = ?${where}${condition} ORDER BY r.at DESC, r.record DESC LIMIT ?`, [
            place,
            ...bound,
            ...values,
            most,
          ])
    if (!after) return select('', [], limit)
    // Two ranges rather than one comparison of pairs, of which SQLite would look up the first half only.
    const sameTime = select(' AND r.at = ? AND r.record < ?', [after.at, after.row], limit)
    return [...sameTime, ...select(' AND r.at < ?', [after.at], limit - sameTime.length)]
  }

  return {
    get(memory: MemoryKey, recordId: string): StoredRecord | undefined {
      const found = findMemory(memory)
      const row = found === undefined || !recordId.isWellFormed() ? undefined : one.get(found, recordId)
      return row && asRecord(row)
    },

    page(memory: MemoryKey, scope: RecordScope, { limit, after }: RecordPage): StoredRecord[] {
      const place = findPlace(memory, scope)
      if (!place) return []
      if (scope.namespace !== undefined) return ofNamespace(place.place, scope, { limit, ...(after && { after }) })
      const { kind, name } = placeOf(scope)
      const found: StoredRecord[] = []
      for (
        let from: string | undefined = after?.namespace ?? (kind === 'path' ? name.slice(0, -1) : '');
        from !== undefined && found.length < limit;
      ) {
        const names: Values[] = namespacesFrom.all(place.memory, from)
        for (const row of names) {
          const namespace = String(row.name)
          if (kind === 'path' && !isBeneath(namespace, name)) {
            // Between a folder's own name and what is beneath it stand others, such as /a-b/ between /a and /a/.
            if (namespace > name) return found
            continue
          }
          found.push(...ofNamespace(Number(row.place), scope, { limit: limit - found.length, ...(after?.namespace === namespace && { after }) }))
          if (found.length >= limit) return found
        }
        const last = names.at(-1)
        from = last && names.length === 100 ? `${String(last.name)}\0` : undefined
      }
      return found
    },

    count: (memory: MemoryKey, scope: RecordScope): number => findPlace(memory, scope)?.records ?? 0,

    occurrences(memory: MemoryKey, scope: RecordScope, terms: readonly string[], most: number): number[][] {
      const place = findPlace(memory, scope)
      if (!place) return terms.map(() => [])
      const { condition, values } = recordFilter(scope)
      const held = condition === '' ? '' : 'JOIN memory_records r ON r.record = t.rowid '
      // Where no term can have more, the order is nobody's; FTS5 walks forwards faster than back.
      const order = place.records <= most ? '' : ' ORDER BY t.rowid DESC'
      const found = statement(
        `SELECT t.rowid AS record FROM memory_record_terms t ${held}WHERE memory_record_terms MATCH ?${condition}${order} LIMIT ?`,
      )
      return terms.map((term) => found.all(match(place.place, [term]), ...values, most).map(({ record }) => Number(record)))
    },

    matching(memory: MemoryKey, scope: RecordScope, terms: readonly string[], limit: number): StoredRecord[] {
      const place = findPlace(memory, scope)
      if (!place || terms.length === 0) return []
      const { condition, values } = recordFilter(scope)
      const ranked = 'bm25(memory_record_terms, 0, 1)'
      const query = match(place.place, terms)
      const found =
        condition === ''
          ? statement(
              `SELECT ${columns} FROM (SELECT rowid AS record, ${ranked} AS fit FROM memory_record_terms WHERE memory_record_terms MATCH ? ORDER BY fit LIMIT ?) AS t
               JOIN memory_records r ON r.record = t.record JOIN memory_record_places p ON p.place = r.namespace ORDER BY t.fit, r.record`,
            ).all(query, limit)
          : statement(
              `SELECT ${columns} FROM memory_record_terms t JOIN memory_records r ON r.record = t.rowid JOIN memory_record_places p ON p.place = r.namespace
               WHERE memory_record_terms MATCH ?${condition} ORDER BY ${ranked}, r.record LIMIT ?`,
            ).all(query, ...values, limit)
      return found.map(asRecord)
    },

    around(memory: MemoryKey, scope: RecordScope, places: readonly RecordPlace[], { each, withinMs }: { each: number; withinMs: number }): Around[] {
      const { condition, values } = recordFilter(scope)
      const side = (range: string, way: string) =>
        `SELECT r.record FROM memory_records r WHERE r.namespace = p.value ->> 0 AND ${range}${condition} ORDER BY r.at ${way}, r.record ${way} LIMIT ${each}`
      // One statement for all places: as many questions of their own would cost more than what they find. Two ranges for each side rather
      // than one comparison of pairs, of which SQLite would look up the first half only.
      const beside = statement(
        [
          side('r.at = p.value ->> 1 AND r.record < p.value ->> 2', 'DESC'),
          side('r.at < p.value ->> 1 AND r.at >= p.value ->> 3', 'DESC'),
          side('r.at = p.value ->> 1 AND r.record > p.value ->> 2', 'ASC'),
          side('r.at > p.value ->> 1 AND r.at <= p.value ->> 4', 'ASC'),
        ]
          .map((rows) => `SELECT p.key AS place, o.record, o.at FROM json_each(?) p CROSS JOIN memory_records o ON o.record IN (${rows})`)
          .join(' UNION ALL '),
      )
      const namespaces = new Map<string, number>()
      for (const { namespace } of places) if (!namespaces.has(namespace)) namespaces.set(namespace, findPlace(memory, { namespace })?.place ?? 0)
      const asked = JSON.stringify(places.map(({ namespace, at, row }) => [namespaces.get(namespace), at, row, at - withinMs, at + withinMs]))
      const all = places.map(() => ({ before: [] as Beside[], after: [] as Beside[] }))
      for (const found of beside.all(...Array.from({ length: 4 }, () => [asked, ...values]).flat())) {
        const at = Number(found.place)
        const [place, lists] = [places[at], all[at]]
        const one = { row: Number(found.record), at: Number(found.at) }
        if (place && lists) lists[isBefore(one, place) ? 'before' : 'after'].push(one)
      }
      const nearest = (one: Beside, other: Beside) => one.at - other.at || one.row - other.row
      return all.map(({ before, after }) => ({
        before: before.toSorted((one, other) => nearest(other, one)).slice(0, each),
        after: after.toSorted(nearest).slice(0, each),
      }))
    },

    rows(memory: MemoryKey, rows: readonly number[]): StoredRecord[] {
      const found = findMemory(memory)
      if (found === undefined) return []
      return byRow.all(JSON.stringify(rows), found).map(asRecord)
    },

    between(memory: MemoryKey, scope: RecordScope, { from, until, limit }: { from: number; until: number; limit: number }): StoredRecord[] {
      const place = findPlace(memory, scope)
      if (!place) return []
      const { condition, values } = recordFilter(scope)
      const { kind, name } = placeOf(scope)
      const last = `r.at >= ? AND r.at < ?${condition}`
      const newest = 'ORDER BY r.at DESC, r.record DESC LIMIT ?'
      const time = [from, until, ...values, limit]
      if (kind === 'namespace') return all(`SELECT ${columns} FROM ${rows} WHERE r.namespace = ? AND ${last} ${newest}`, [place.place, ...time])
      if (kind === 'memory') return all(`SELECT ${columns} FROM ${rows} WHERE r.memory = ? AND ${last} ${newest}`, [place.memory, ...time])
      // Few records are looked at one by one; of many, the newest of the memory are soon enough of the path.
      if (place.records <= lookedAtOnePath)
        return all(
          `SELECT ${columns} FROM memory_record_terms t CROSS JOIN memory_records r ON r.record = t.rowid CROSS JOIN memory_record_places p ON p.place = r.namespace
           WHERE memory_record_terms MATCH ? AND ${last} ${newest}`,
          [`places : ${placeTerm(place.place)}`, ...time],
        )
      return all(`SELECT ${columns} FROM ${rows} WHERE p.name <> '' AND substr(p.name || '/', 1, ?) = ? AND r.memory = ? AND ${last} ${newest}`, [
        Array.from(name).length,
        name,
        place.memory,
        ...time,
      ])
    },
  }
}

const isBefore = (one: Beside, place: RecordPlace) => one.at < place.at || (one.at === place.at && one.row < place.row)

const isBeneath = (namespace: string, folder: string) => namespace !== '' && `${namespace}/`.startsWith(folder)

/** Terms have letters and digits only, so nothing in them is a sign of FTS5's language. */
function match(place: number, terms: readonly string[]): string {
  return `places : ${placeTerm(place)} AND terms : (${terms.map((term) => `"${term}"`).join(' OR ')})`
}

function asRecord(row: Values): StoredRecord {
  return {
    row: Number(row.record),
    recordId: String(row.record_id),
    namespace: String(row.namespace),
    at: Number(row.at),
    terms: row.terms === '' ? [] : String(row.terms).split(' '),
    text: JSON.parse(String(row.text)) as string,
    strategyId: String(row.strategy_id),
    updatedAt: Number(row.updated_at),
    metadata: JSON.parse(String(row.metadata)) as RecordMetadata,
    ...(row.source !== null && { source: JSON.parse(String(row.source)) as RecordSource }),
  }
}
