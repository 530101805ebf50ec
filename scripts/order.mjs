// The order of the house: a folder of src/ imports only what stands before it here, and a feature
// never another feature's server. `docs/architecture.md` shows the same order.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ORDER = [
  'browser', 'ui', 'metrics', 'live', 'kit',
  'auth', 'device', 'people', 'settings', 'search', 'files', 'chat',
  'app', 'web', 'cli',
]
const FEATURES = new Set(['auth', 'people', 'settings', 'search', 'files', 'chat'])

/** Every Rust file below a folder. */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : path.endsWith('.rs') ? [path] : []
  })
}

/** The paths of a tree of imports: `a::{b, c::d}` is `a::b` and `a::c::d`. */
function paths(tree, prefix = '') {
  const parts = []
  let depth = 0
  let part = ''
  for (const letter of tree) {
    depth += letter === '{' ? 1 : letter === '}' ? -1 : 0
    if (letter === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part].map(each => each.trim()).filter(Boolean).flatMap(each => {
    const nested = each.match(/^((?:\w+::)*)\{(.*)\}$/s)
    return nested ? paths(nested[2], prefix + nested[1]) : [prefix + each]
  })
}

/** A file's text with `super::` written out as the path that it stands for. */
function resolved(file, source) {
  const own = file.replace(/^src\//, '').replace(/(\/mod)?\.rs$/, '').split('/')
  return source.replace(/\b(?:super::)+/g, above => {
    const kept = own.slice(0, Math.max(0, own.length - above.length / 'super::'.length))
    return ['crate', ...kept, ''].join('::')
  })
}

/** Everything of this crate that a file names. */
function named(source) {
  const code = source.replace(/\/\/.*$/gm, '')
  const imported = [...code.matchAll(/\buse\s+crate::([^;]+);/g)].flatMap(([, tree]) => paths(tree))
  const inline = [...code.replace(/\buse\s+crate::[^;]+;/g, '').matchAll(/\bcrate::(\w+(?:::\w+)*)/g)]
  return [...imported, ...inline.map(([, path]) => path)]
}

const faults = []
const folders = readdirSync('src', { withFileTypes: true }).map(entry => entry.name.replace(/\.rs$/, ''))
for (const folder of folders.filter(name => !['lib', 'main', ...ORDER].includes(name))) {
  faults.push(`src/${folder} has no place in the order (scripts/order.mjs)`)
}
let count = 0
for (const file of files('src')) {
  const own = file.split('/')[1].replace(/\.rs$/, '')
  if (!ORDER.includes(own)) continue
  for (const path of named(resolved(file, readFileSync(file, 'utf8')))) {
    const [other, part] = path.split('::')
    if (other === own || !ORDER.includes(other)) continue
    count += 1
    if (ORDER.indexOf(other) > ORDER.indexOf(own)) faults.push(`${file}: ${path} stands above ${own}`)
    if (FEATURES.has(own) && FEATURES.has(other) && part === 'server') {
      faults.push(`${file}: ${path} is another feature's server`)
    }
  }
}
if (count === 0) faults.push('no import was found: this check no longer reads the source')
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)
console.log(`${count} imports between folders, none of them upwards`)
