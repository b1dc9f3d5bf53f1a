// What both pages have in common: the shared document, over y-websocket, and who is writing.
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const query = new URLSearchParams(location.search)

export const shared = new Y.Doc()
export const provider = new WebsocketProvider(query.get('server'), query.get('document'), shared)
export const fragment = shared.getXmlFragment('default')
export const user = { name: 'The measured person', color: '#1565c0' }
