// Tiptap with its starter kit and its two extensions for writing together, as its documentation sets them up.
import { Editor } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret'
import { StarterKit } from '@tiptap/starter-kit'
import { provider, shared, user } from './provider.js'

new Editor({
  element: document.querySelector('#editor'),
  extensions: [
    StarterKit.configure({ undoRedo: false }),
    Collaboration.configure({ document: shared, field: 'default' }),
    CollaborationCaret.configure({ provider, user }),
  ],
})
