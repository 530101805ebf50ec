#!/usr/bin/env bash
# Builds the release, server and page, unless nothing has changed since the last build.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
. scripts/env.sh

# Beside the binary, because the target folder may be shared: holds whose build this is.
built="$(binary).built"
inputs=(src crates page style public .cargo Cargo.toml Cargo.lock Leptos.toml)

if [ -x "$(binary)" ] && [ "$(cat "$built" 2>/dev/null)" = "$PWD" ] && [ -e target/site/pkg/sotto.wasm ] &&
  [ -z "$(find "${inputs[@]}" -newer "$built" -print -quit)" ]; then
  exit 0
fi
say "building Sotto: about ten minutes on two cores the first time, a minute or two later on"
# Stamped with the beginning: what is saved during the build is built by the next one.
begun=$(mktemp)
trap 'rm -f "$begun"' EXIT
echo "$PWD" >"$begun"
# What an earlier build called otherwise would be carried, too.
rm -rf target/site
# The page with a standard library of its own, made to be small: one that ends at a panic instead of
# writing about it is worth 18 KB, 7 % of what travels (docs/decisions/0006-page-weight.md). Cargo
# builds it from its sources only where it is told that it may do what is not stable yet.
small="-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none"
RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--cfg=erase_components $small" \
  cargo leptos build --release --precompress --frontend-only --split --lib-features=split --lib-cargo-args=-Zbuild-std=std,panic_abort
cargo leptos build --release --server-only
# From here on the program carries the page (docs/decisions/0010-one-file.md).
"$(binary)" bundle target/site
mv "$begun" "$built"
