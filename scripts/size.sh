#!/usr/bin/env bash
# What the page weighs, raw and as it travels; fails above the budget for the WASM.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

BUDGET=245 # KB of brotli (docs/decisions/0006-page-weight.md)
site=target/site/pkg

kb() { awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1000 }'; }

printf '\n  %-8s %10s %12s\n' page 'raw KB' 'brotli KB'
for kind in wasm js css; do
  file=$(find "$site" -name "sotto*.$kind" -print -quit 2>/dev/null)
  [ -n "$file" ] && [ -f "$file.br" ] || die "no compressed .$kind in $site: run 'make build'"
  raw=$(stat -c %s "$file") brotli=$(stat -c %s "$file.br")
  printf '  %-8s %10s %12s\n' "$kind" "$(kb "$raw")" "$(kb "$brotli")"
  if [ "$kind" = wasm ] && [ "$brotli" -gt $((BUDGET * 1000)) ]; then
    die "the WASM is larger than its budget of $BUDGET KB"
  fi
done
echo
