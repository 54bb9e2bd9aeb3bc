// The store: documents in named collections, keyed by account, Region and id. Durable when acknowledged.
import type { Scope } from '#kernel/scope.js'

/** A collection's name and the type of its documents. Made once, beside the resource that owns it. */
export interface Collection<Document> {
  readonly name: string
  /** Never set: carries the type only. */
  readonly _document?: Document
}

export function collection<Document>(name: string): Collection<Document> {
  return { name }
}

export interface Row<Document> extends Scope {
  id: string
  document: Document
}

export interface Page {
  /** Only ids that start with this. */
  prefix?: string
  /** Only ids strictly greater than this, in byte order of UTF-8. */
  after?: string
  /** At most this many rows; all when absent. */
  limit?: number
}

export interface Reader {
  /** `undefined` means that no such document exists. The returned value is the caller's own copy. */
  get<D>(from: Collection<D>, scope: Scope, id: string): Promise<D | undefined>
  /** Rows of one account and Region, in byte order of their ids. */
  list<D>(from: Collection<D>, scope: Scope, page?: Page): Promise<Row<D>[]>
  /** Rows of every account and Region, in order of account, Region, id: for recovery after a start. */
  all<D>(from: Collection<D>): Promise<Row<D>[]>
}

export interface Transaction extends Reader {
  /** `false`, and nothing written, when the id is taken. */
  insert<D>(into: Collection<D>, scope: Scope, id: string, document: D): Promise<boolean>
  /** Inserts or replaces. */
  put<D>(into: Collection<D>, scope: Scope, id: string, document: D): Promise<void>
  /** `false` when there was nothing to delete. */
  delete<D>(from: Collection<D>, scope: Scope, id: string): Promise<boolean>
}

/**
 * Promises: a transaction is atomic and isolated, and durable (on disk, fsync) once its promise resolves; work that
 * throws leaves nothing behind. Transactions run one after another. Inside one, await nothing but the transaction:
 * everyone else's writes wait behind it. Reads outside see the last committed state and never wait for a writer.
 */
export interface Store extends Reader {
  transaction<R>(work: (tx: Transaction) => Promise<R>): Promise<R>
  close(): Promise<void>
}
