// What is written of memories' records, over the writing connection, inside a transaction of the store: the row, its words in the
// index, and the counts of the places that it is in.
import type { DatabaseSync } from 'node:sqlite'
import type { MemoryKey } from '#ports/memory-events.js'
import type { NewRecord } from '#ports/memory-records.js'
import { type Place, placesOf, placeTerm } from './memory-record-places.js'

export function memoryRecordWrites(db: DatabaseSync) {
  const findMemory = db.prepare('SELECT memory FROM memory_record_keys WHERE account = ? AND region = ? AND memory_id = ?')
  const addMemory = db.prepare('INSERT INTO memory_record_keys (account, region, memory_id) VALUES (?, ?, ?) RETURNING memory')
  const dropKey = db.prepare('DELETE FROM memory_record_keys WHERE memory = ?')
  const enter = db.prepare(
    `INSERT INTO memory_record_places (memory, kind, name, records) VALUES (?, ?, ?, 1)
     ON CONFLICT (memory, kind, name) DO UPDATE SET records = records + 1 RETURNING place`,
  )
  const leave = db.prepare('UPDATE memory_record_places SET records = records - 1 WHERE memory = ? AND kind = ? AND name = ?')
  const dropPlaces = db.prepare('DELETE FROM memory_record_places WHERE place IN (SELECT place FROM memory_record_places WHERE memory = ? LIMIT ?)')
  const insert = db.prepare(
    `INSERT INTO memory_records (memory, record_id, namespace, strategy_id, at, updated_at, metadata, terms, source, text)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING record`,
  )
  const find = db.prepare(
    'SELECT r.record, p.name AS namespace FROM memory_records r JOIN memory_record_places p ON p.place = r.namespace WHERE r.memory = ? AND r.record_id = ?',
  )
  const some = db.prepare('SELECT record FROM memory_records WHERE memory = ? LIMIT ?')
  const change = db.prepare(
    'UPDATE memory_records SET namespace = ?, strategy_id = ?, at = ?, updated_at = ?, metadata = ?, terms = ?, source = ?, text = ? WHERE record = ?',
  )
  const remove = db.prepare('DELETE FROM memory_records WHERE record = ?')
  const indexTerms = db.prepare('INSERT INTO memory_record_terms (rowid, places, terms) VALUES (?, ?, ?)')
  const dropTerms = db.prepare('DELETE FROM memory_record_terms WHERE rowid = ?')

  const memoryIn = ({ account, region, memoryId }: MemoryKey) => {
    const row = findMemory.get(account, region, memoryId)
    return row && Number(row.memory)
  }

  function enterPlaces(memory: number, namespace: string): { home: number; places: string } {
    const numbered = placesOf(namespace).map(({ kind, name }: Place) => ({ kind, place: Number(enter.get(memory, kind, name)?.place) }))
    const home = numbered.find(({ kind }) => kind === 'namespace')?.place ?? 0
    return { home, places: numbered.map(({ place }) => placeTerm(place)).join(' ') }
  }

  function leavePlaces(memory: number, namespace: string): void {
    for (const { kind, name } of placesOf(namespace)) leave.run(memory, kind, name)
  }

  return {
    put(key: MemoryKey, { recordId, namespace, strategyId, at, updatedAt, metadata, terms, source, text }: NewRecord): void {
      const memory = memoryIn(key) ?? Number(addMemory.get(key.account, key.region, key.memoryId)?.memory)
      const { home, places } = enterPlaces(memory, namespace)
      const words = terms.join(' ')
      const written = [
        strategyId,
        at,
        updatedAt,
        JSON.stringify(metadata),
        words,
        source ? JSON.stringify(source) : null,
        JSON.stringify(text),
      ] as const
      const before = find.get(memory, recordId)
      let record: number
      if (before) {
        record = Number(before.record)
        leavePlaces(memory, String(before.namespace))
        change.run(home, ...written, record)
        dropTerms.run(record)
      } else {
        record = Number(insert.get(memory, recordId, home, ...written)?.record)
      }
      indexTerms.run(record, places, words)
    },

    delete(key: MemoryKey, recordId: string): boolean {
      const memory = memoryIn(key)
      const found = memory === undefined || !recordId.isWellFormed() ? undefined : find.get(memory, recordId)
      if (memory === undefined || !found) return false
      leavePlaces(memory, String(found.namespace))
      dropTerms.run(Number(found.record))
      remove.run(Number(found.record))
      return true
    },

    dropMemory(key: MemoryKey, limit: number): number {
      const memory = memoryIn(key)
      if (memory === undefined) return 0
      const records = some.all(memory, limit)
      for (const { record = null } of records) {
        dropTerms.run(record)
        remove.run(record)
      }
      let left = limit - records.length
      if (left > 0) left -= Number(dropPlaces.run(memory, left).changes)
      if (left > 0) left -= Number(dropKey.run(memory).changes)
      return limit - left
    },
  }
}
