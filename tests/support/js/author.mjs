// Somebody who writes with y-websocket's own provider, unmodified. Orders come as lines of JSON, answers go the same way:
// {"write": "text"} appends a paragraph, {"type": "x"} types at the end of the last one, or "at" an index, {"await": 2}
// waits until there are two, {"read": true} tells them, {"cut": true} and {"mend": true} end and begin the connection.
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const [server, documentId, token] = process.argv.slice(2)
const doc = new Y.Doc()
const root = doc.getXmlFragment('default')
const provider = new WebsocketProvider(server, `${documentId}/`, doc, {
  params: { token },
  WebSocketPolyfill: WebSocket,
  disableBc: true,
})

const paragraphs = () => root.toArray().map(block => block.toArray().map(text => text.toString()).join(''))

const happens = condition =>
  new Promise(resolve => {
    const look = () => {
      if (!condition()) return
      doc.off('update', look)
      provider.off('sync', look)
      resolve()
    }
    doc.on('update', look)
    provider.on('sync', look)
    look()
  })

const orders = {
  write: text => {
    const block = new Y.XmlElement('paragraph')
    block.insert(0, [new Y.XmlText(text)])
    root.push([block])
  },
  type: (text, { at }) => {
    const last = root.get(root.length - 1).get(0)
    last.insert(at ?? last.length, text)
  },
  await: count => happens(() => paragraphs().filter(text => text).length >= count),
  synced: () => happens(() => provider.synced),
  read: () => undefined,
  cut: () => provider.disconnect(),
  mend: () => provider.connect(),
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line)
  const [verb] = Object.keys(order)
  await orders[verb](order[verb], order)
  console.log(JSON.stringify({ paragraphs: paragraphs(), synced: provider.synced }))
}
provider.destroy()
process.exit(0)
