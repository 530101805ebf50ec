#!/usr/bin/env bash
# Builds the release, server and page, unless nothing has changed since the last build; with --page
# the page alone, into target/site.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
. scripts/env.sh

inputs=(src crates page style public .cargo Cargo.toml Cargo.lock Leptos.toml)

# is_new STAMP: has nothing changed since the build that left this stamp? It holds whose build that was, because the
# target folder may be shared.
is_new() { [ "$(cat "$1" 2>/dev/null)" = "$PWD" ] && [ -z "$(find "${inputs[@]}" -newer "$1" -print -quit)" ]; }

# stamped STAMP COMMAND...: stamped with the beginning: what is saved during the build is built by the next one.
stamped() {
  local stamp=$1
  shift
  begun=$(mktemp)
  trap 'rm -f "$begun"' EXIT
  echo "$PWD" >"$begun"
  "$@"
  mv "$begun" "$stamp"
}

page() {
  say "building the page"
  # What an earlier build called otherwise would be carried, too.
  rm -rf target/site
  # The page with a standard library of its own, made to be small: one that ends at a panic instead of
  # writing about it is worth 18 KB, 7 % of what travels (docs/decisions/0006-page-weight.md). Cargo
  # builds it from its sources only where it is told that it may do what is not stable yet.
  local small="-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none"
  RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--cfg=erase_components $small" \
    cargo leptos build --release --precompress --frontend-only --split --lib-features=split --lib-cargo-args=-Zbuild-std=std,panic_abort
}

server() {
  cargo leptos build --release --server-only
  # From here on the program carries the page (docs/decisions/0010-one-file.md).
  "$(binary)" bundle target/site
}

if [ "${1:-}" != --page ]; then
  if [ -x "$(binary)" ] && is_new "$(binary).built"; then exit 0; fi
  say "building Sotto: about ten minutes on two cores the first time, a minute or two later on"
fi
if ! { [ -e target/site/pkg/sotto.wasm ] && is_new target/page.built; }; then stamped target/page.built page; fi
if [ "${1:-}" != --page ]; then stamped "$(binary).built" server; fi
