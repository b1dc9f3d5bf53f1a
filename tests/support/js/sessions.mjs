// Editing sessions of stock Yjs clients, as a server would hear them. `node sessions.mjs SEED SESSIONS STEPS` prints,
// as a line of JSON each, every message ({from, update, inserts, deletes}) and the end of every session
// ({clocks, deleted, text}); inserts and deletes are what Yjs's own decoder finds in the update. With a fourth argument,
// `trees`, every message also has what Yjs's own server holds after it: {tree, vector}.

import * as Y from 'yjs'

const FAMILY = '\u{1F468}‍\u{1F469}‍\u{1F467}'
const WORDS = ['a', 'the quick brown fox', 'ß', '日本語', '\u{1F600}', FAMILY, 'é'.repeat(90), ' ', '\t"\\<&>']
const MARKS = [
  ['bold', {}],
  ['bold', null],
  ['italic', {}],
  ['link', { href: 'https://example.org/?q="é"&r=\u{1F600}', target: null }],
  ['comment--AbCd+/9=', { thread: '4c9f0a52-8a52-4c07-a3a3-3d5f6c1a2b3c' }],
]
const VALUES = [1, 2.5, -7, 2 ** 31, 2 ** 40 + 0.5, true, null, 'left', '', [120, null], { deep: [{ er: [] }] }]

const randomness = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

class Client {
  constructor(id, random) {
    this.random = random
    this.doc = new Y.Doc()
    this.doc.clientID = id
    this.root = this.doc.getXmlFragment('default')
    this.undo = new Y.UndoManager(this.root, { captureTimeout: 0 })
    this.heard = 0
    this.unsent = []
    this.doc.on('update', (update, origin) => origin === 'server' || this.unsent.push(update))
  }

  below(n) {
    return Math.floor(this.random() * n)
  }

  pick(list) {
    return list[this.below(list.length)]
  }

  all(type) {
    const found = []
    const todo = [this.root]
    for (let node = todo.pop(); node; node = todo.pop()) {
      for (const child of node.toArray?.() ?? []) {
        if (child instanceof type) found.push(child)
        if (child instanceof Y.XmlElement) todo.push(child)
      }
    }
    return found
  }

  block(name, depth = 0) {
    const element = new Y.XmlElement(name)
    if (this.random() < 0.6) element.setAttribute('level', this.pick(VALUES))
    const inner = depth ? this.block(this.pick(['bulletList', 'listItem']), depth - 1) : new Y.XmlText(this.pick(WORDS))
    element.insert(0, [inner])
    return element
  }

  edit() {
    const texts = this.all(Y.XmlText)
    const elements = this.all(Y.XmlElement)
    const dice = this.random()
    if (dice < 0.1 || texts.length === 0) {
      this.root.insert(this.below(this.root.length + 1), [this.block('paragraph', this.below(5))])
    } else if (dice < 0.14) {
      const parent = this.pick(elements)
      parent.insert(this.below(parent.length + 1), [new Y.XmlElement('hardBreak'), new Y.XmlText()])
    } else if (dice < 0.2) {
      this.pick(elements).setAttribute(this.pick(['level', 'colwidth']), this.pick(VALUES))
    } else if (dice < 0.24) {
      this.pick(elements).removeAttribute('level')
    } else if (dice < 0.28) {
      const element = this.pick(elements)
      element.parent.delete(element.parent.toArray().indexOf(element), 1)
    } else if (dice < 0.34) {
      this.undo[this.pick(['undo', 'redo'])]()
    } else {
      this.write(this.pick(texts), dice)
    }
  }

  write(text, dice) {
    // Positions are snapped to code points, as our page does: yrs and Yjs disagree about half a surrogate pair.
    const stops = [0]
    for (const { insert } of text.toDelta()) for (const point of insert) stops.push(stops.at(-1) + point.length)
    const [from, to] = [this.pick(stops), this.pick(stops)].sort((a, b) => a - b)
    if (dice < 0.75 || from === to) text.insert(from, this.pick(WORDS), this.random() < 0.2 ? { bold: {} } : undefined)
    else if (dice < 0.87) text.delete(from, to - from)
    else {
      const [mark, value] = this.pick(MARKS)
      text.format(from, to - from, { [mark]: value })
    }
  }
}

const ranges = (clients) => [...clients].map(([client, items]) => [client, items.map(({ clock, len }) => [clock, clock + len])])

const described = (from, update) => {
  const { structs, ds } = Y.decodeUpdate(update)
  const inserts = new Map()
  for (const { id, length } of structs) {
    const [start] = inserts.get(id.client) ?? [id.clock]
    inserts.set(id.client, [start, id.clock + length])
  }
  return { from, update: Buffer.from(update).toString('hex'), inserts: [...inserts], deletes: ranges(ds.clients) }
}

// The document as plain values: [name, attributes, children] for an element, [[text, marks], ...] for a text.
const tree = (node) => {
  if (node instanceof Y.XmlText) return node.toDelta().map(({ insert, attributes }) => [insert, attributes ?? {}])
  return [node.nodeName ?? '', node.getAttributes?.() ?? {}, node.toArray().map(tree)]
}

const holding = (doc) => ({
  tree: tree(doc.getXmlFragment('default')),
  vector: [...Y.decodeStateVector(Y.encodeStateVector(doc))],
})

const say = (line) => console.log(JSON.stringify(line))

const session = (random, steps) => {
  const server = new Y.Doc()
  const log = []
  const clients = [1, 2, 3].map((n) => new Client(n === 3 ? 2 ** 53 - 1 - Math.floor(random() * 2 ** 20) : 1 + Math.floor(random() * 2 ** 32), random))
  const deliver = (client, update) => {
    Y.applyUpdate(server, update)
    log.push(update)
    say({ ...described(client.doc.clientID, update), ...(trees && holding(server)) })
  }
  // One by one, or merged as our page does it; merging forgets which values belong to attributes.
  const flush = (client) => {
    const unsent = client.unsent.splice(0)
    const frames = unsent.length > 1 && random() < 0.4 ? [Y.mergeUpdates(unsent)] : unsent
    for (const update of frames) deliver(client, update)
  }
  const hear = (client) => {
    while (client.heard < log.length) Y.applyUpdate(client.doc, log[client.heard++], 'server')
  }
  // After an absence, a client sends everything it has, or what the server says it lacks.
  const resync = (client) => {
    client.unsent = []
    deliver(client, Y.encodeStateAsUpdate(client.doc, random() < 0.5 ? Y.encodeStateVector(server) : undefined))
  }
  for (let step = 0; step < steps; step++) {
    const client = clients[Math.floor(random() * clients.length)]
    const dice = random()
    if (dice < 0.7) client.random() < 0.2 ? client.doc.transact(() => [client.edit(), client.edit(), client.edit()]) : client.edit()
    else if (dice < 0.82) flush(client)
    else if (dice < 0.98) hear(client)
    else resync(client)
  }
  clients.forEach(flush)
  clients.forEach(hear)
  say({
    clocks: [...Y.decodeStateVector(Y.encodeStateVector(server))],
    deleted: ranges(Y.decodeUpdate(Y.encodeStateAsUpdate(server)).ds.clients),
    state: Buffer.from(Y.encodeStateAsUpdate(server)).toString('hex'),
  })
}

const [seed, sessions, steps] = process.argv.slice(2, 5).map(Number)
const trees = process.argv[5] === 'trees'
const random = randomness(seed)
for (let n = 0; n < sessions; n++) session(random, steps)
