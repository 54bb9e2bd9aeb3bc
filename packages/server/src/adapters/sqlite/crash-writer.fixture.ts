// A child of the contract's durability test: writes one document after another and prints each id once it is acknowledged.
import { writeSync } from 'node:fs'
import { collection } from '#ports/store.js'
import { sqliteStore } from './store.js'

const store = sqliteStore(process.argv[2] ?? '')
const round = process.argv[3] ?? ''
const acknowledged = collection<{ round: string; n: number }>('acknowledged')

for (let n = 0; n < 1_000_000; n++) {
  const id = `${round}-${n}`
  await store.transaction((tx) => tx.put(acknowledged, { account: 'a', region: 'r' }, id, { round, n }))
  writeSync(1, `${id}\n`)
}
