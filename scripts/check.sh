#!/usr/bin/env bash
# Format, lints with warnings denied on both halves, the order of the folders, and the rule about cfg.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

say "formatting"
cargo fmt --all --check

say "lints: the server"
cargo clippy --package sotto --package sotto-model --package sotto-store --package sotto-benches --features sotto/ssr --all-targets -- -D warnings

say "lints: the page"
cargo clippy --package sotto-page --features split --target "$WASM_TARGET" -- -D warnings
cargo clippy --package sotto --lib --features hydrate --target "$WASM_TARGET" -- -D warnings

say "licences and sources of what Cargo.lock names"
cargo deny --log-level error check bans licenses sources >&2

say "the order of the house"
node scripts/order.mjs >&2

say "where cfg stands"
# Modules are gated, never items: only lib.rs, the mod.rs of a feature, of kit and of browser may ask
# which half they are in. Unit tests of private parts may be gated anywhere.
stray=$(grep -rnE '#!?\[cfg(_attr)?\(|cfg!\(' src crates/*/src --include='*.rs' |
  grep -vE '^src/(lib|(auth|people|settings|search|files|chat|kit|browser|ui/lazy)/mod)\.rs:' |
  grep -vE '#\[cfg\(test\)\]' || true)
[ -z "$stray" ] || die "cfg stands where it may not:"$'\n'"$stray"
