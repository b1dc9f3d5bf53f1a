// What stock Yjs makes of updates. Each line in is JSON, the updates of one document in hexadecimal digits; each line out
// says what it then holds: {text, vector, waits}. `waits`: for what is not there.
import { createInterface } from 'node:readline'
import * as Y from 'yjs'

for await (const line of createInterface({ input: process.stdin })) {
  const doc = new Y.Doc()
  for (const update of JSON.parse(line)) Y.applyUpdate(doc, Buffer.from(update, 'hex'))
  const { pendingStructs, pendingDs } = doc.store
  const text = doc.getXmlFragment('default').toString()
  const vector = [...Y.decodeStateVector(Y.encodeStateVector(doc))]
  console.log(JSON.stringify({ text, vector, waits: Boolean(pendingStructs || pendingDs) }))
}
