#!/usr/bin/env bash
# What the page weighs, raw and as it travels, each part on its own line; fails above a budget.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

# KB of brotli (docs/decisions/0006-page-weight.md, 0029-a-page-in-parts.md)
BUDGET=245     # of the WASM that every visit loads
PART_BUDGET=40 # of each part that is loaded when it is wanted
site=target/site/pkg

kb() { awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1000 }'; }

# weigh FILE NAME BUDGET: a line for a file.
weigh() {
  [ -f "$1" ] && [ -f "$1.br" ] || die "no compressed $(basename "$1") in $site: run 'make build'"
  local brotli
  brotli=$(stat -c %s "$1.br")
  printf '  %-24s %10s %12s\n' "$2" "$(kb "$(stat -c %s "$1")")" "$(kb "$brotli")"
  [ "$brotli" -le $(($3 * 1000)) ] || die "$2 is larger than its budget of $3 KB"
}

printf '\n  %-24s %10s %12s\n' page 'raw KB' 'brotli KB'
weigh "$site/sotto.wasm" wasm "$BUDGET"
weigh "$site/sotto.js" script 10
weigh "$site/sotto.css" styles 15
for part in "$site"/*.wasm "$site"/__wasm_split.*.js; do
  [ "$part" = "$site/sotto.wasm" ] || weigh "$part" "part ${part##*/}" "$PART_BUDGET"
done
echo
