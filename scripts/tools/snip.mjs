// Empties functions of a WebAssembly file that are never called, but that no tool can know to be dead,
// because every view holds them in a table of its own (docs/decisions/0006-page-weight.md). What only
// they use goes with them when wasm-opt runs next. A call, should there be one, ends the page.
//
//   node snip.mjs FILE    rewrites it in place, by the names in its name section; that they are found there, the
//                         budget of `make size` sees
import { readFileSync, writeFileSync } from 'node:fs'

/**
 * As the names of functions are mangled: each part of a path has its length in front. Nothing small may be named
 * here: the compiler keeps one of several functions that do the same, under the name of any of them.
 */
const NEVER_CALLED = [
  // What waits for Suspense, which the page does without.
  /8into_any13hydrate_async/,
  // The streams that come with the HTTP client: what they export, and what they run later.
  /intounderlying|17future_to_promise.*12wasm_streams/,
]

/**
 * Those that put into words what is wrong with JSON or an id, for a program's author: they say nothing instead. Nobody
 * reads it in the page, and it weighs 1 KB.
 */
const SILENT = [/Display.*JsonUnexpected|JsonUnexpected.*Display/, /uuid5error.*Display/, /serde_core2de.*5OneOf.*Display/]

/** `unreachable`, and no locals. */
const EMPTY = Uint8Array.of(3, 0, 0x00, 0x0b)
/** `i32.const 0`, which is `Ok`. */
const OK = Uint8Array.of(4, 0, 0x41, 0x00, 0x0b)
const SECTION = { custom: 0, imports: 2, code: 10 }

const [path] = process.argv.slice(2)
const file = readFileSync(path)
let at = 0

/** An unsigned number as the format writes it (LEB128). */
function number() {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = file[at++]
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return value
  }
}

function encoded(value) {
  const bytes = []
  do {
    const more = value > 127
    bytes.push((value & 127) | (more ? 128 : 0))
    value = Math.floor(value / 128)
  } while (value > 0)
  return Uint8Array.from(bytes)
}

function text() {
  const length = number()
  at += length
  return file.subarray(at - length, at).toString()
}

/** The number of imported functions: the others are counted on from there. */
function importedFunctions() {
  let functions = 0
  const limits = () => {
    const flags = number()
    number()
    if (flags & 1) number()
  }
  const kinds = {
    0: () => { number(); functions += 1 },
    1: () => { at += 1; limits() },
    2: limits,
    3: () => { at += 2 },
    4: () => { at += 1; number() },
  }
  for (let left = number(); left > 0; left -= 1) {
    text()
    text()
    kinds[file[at++]]()
  }
  return functions
}

/** The names of functions by their numbers. */
function functionNames(end) {
  const names = new Map()
  while (at < end) {
    const kind = file[at++]
    const length = number()
    const next = at + length
    if (kind === 1) {
      for (let left = number(); left > 0; left -= 1) {
        const which = number()
        names.set(which, text())
      }
    }
    at = next
  }
  return names
}

const sections = []
let imported = 0
let names = new Map()
for (at = 8; at < file.length;) {
  const begin = at
  const id = file[at++]
  const length = number()
  const body = at
  sections.push({ id, begin, body, end: body + length })
  if (id === SECTION.imports) imported = importedFunctions()
  if (id === SECTION.custom && text() === 'name') names = functionNames(body + length)
  at = body + length
}

const has = (parts, name) => parts.some(part => part.test(name ?? ''))
const parts = [file.subarray(0, 8)]
let emptied = 0
for (const { id, begin, body, end } of sections) {
  if (id !== SECTION.code) {
    parts.push(file.subarray(begin, end))
    continue
  }
  at = body
  const count = number()
  const bodies = [encoded(count)]
  for (let index = 0; index < count; index += 1) {
    const start = at
    const length = number()
    at += length
    const name = names.get(imported + index)
    const instead = has(NEVER_CALLED, name) ? EMPTY : has(SILENT, name) ? OK : null
    bodies.push(instead ?? file.subarray(start, at))
    emptied += instead ? 1 : 0
  }
  const code = Buffer.concat(bodies)
  parts.push(Uint8Array.of(id), encoded(code.length), code)
}
writeFileSync(path, Buffer.concat(parts))
console.error(`emptied ${emptied} functions of ${path}`)
