#!/usr/bin/env bash
# Builds the release, server and page, unless nothing has changed since the last build.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
. scripts/env.sh

built="target/site/.built"
inputs=(src page style public Cargo.toml Cargo.lock Leptos.toml)
if [ -x "$(binary)" ] && [ "$(cat "$built" 2>/dev/null)" = "$(binary)" ] &&
  [ -z "$(find "${inputs[@]}" -newer "$built" -print -quit)" ]; then
  exit 0
fi
say "building Sotto: about ten minutes on two cores the first time, a minute or two later on"
cargo leptos build --release --precompress
binary >"$built"
