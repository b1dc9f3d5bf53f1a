// Hocuspocus as its documentation starts it, with its SQLite extension. PORT, DATABASE (a file), FLUSH_DELAY (ms; "" leaves
// its default).
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'

const { PORT, DATABASE, FLUSH_DELAY } = process.env
const server = new Server({
  address: '127.0.0.1',
  port: Number(PORT),
  quiet: true,
  extensions: [new SQLite({ database: DATABASE })],
  ...(FLUSH_DELAY ? { flushDelay: Number(FLUSH_DELAY) } : {}),
})
await server.listen()
console.log('ready')
