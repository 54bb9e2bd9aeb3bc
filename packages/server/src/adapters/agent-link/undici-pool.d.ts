// undici's index loads its fetch, caches and WebSocket too: 30 ms and 13 MB that a pool of connections does not need.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici'
  // biome-ignore lint/style/noDefaultExport: this is how undici's file exports it.
  export default Pool
}
