// State is a table of allowed moves; `move` is the only way along it.

export type Moves = Readonly<Record<string, readonly string[]>>

class IllegalMove extends Error {
  override readonly name = 'IllegalMove'
}

/** Returns `to` when the table allows it from `from`; throws with both states named otherwise. */
export function move<Table extends Moves, To extends keyof Table & string>(table: Table, what: string, from: keyof Table & string, to: To): To {
  if (!table[from]?.includes(to)) throw new IllegalMove(`${what} cannot go from ${from} to ${to}`)
  return to
}
