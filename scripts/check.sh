#!/usr/bin/env bash
# Format, lints with warnings denied on both halves, and the rule about cfg.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

say "formatting"
cargo fmt --all --check

say "lints: the server"
cargo clippy --features ssr --all-targets -- -D warnings

say "lints: the page"
cargo clippy --package sotto-page --target "$WASM_TARGET" -- -D warnings
cargo clippy --package sotto --lib --features hydrate --target "$WASM_TARGET" -- -D warnings

say "where cfg stands"
# Modules are gated, never items: only lib.rs, a feature's mod.rs and browser/mod.rs may ask
# which half they are in. Unit tests of private parts may be gated anywhere.
stray=$(grep -rnE '#!?\[cfg(_attr)?\(|cfg!\(' src --include='*.rs' |
  grep -vE '^src/(lib|(auth|search|requests|contacts|chat|settings|browser)/mod)\.rs:' |
  grep -vE '#\[cfg\(test\)\]' || true)
[ -z "$stray" ] || die "cfg stands where it may not:"$'\n'"$stray"
