// BlockNote with its Mantine view, as its documentation sets it up for writing together.
import { withCollaboration } from '@blocknote/core/yjs'
import { BlockNoteView } from '@blocknote/mantine'
import { useCreateBlockNote } from '@blocknote/react'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { fragment, provider, user } from './provider.js'
import '@blocknote/mantine/style.css'

function Page() {
  const editor = useCreateBlockNote(withCollaboration({ collaboration: { fragment, provider, user } }))
  return createElement(BlockNoteView, { editor })
}

createRoot(document.querySelector('#editor')).render(createElement(Page))
