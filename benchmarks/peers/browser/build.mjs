// The two pages' scripts, minified as for production, into dist/.
import { build } from 'esbuild'

await build({
  entryPoints: ['tiptap.js', 'blocknote.js'],
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  conditions: ['style'],
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'file' },
  legalComments: 'none',
  logLevel: 'warning',
})
