#!/usr/bin/env bash
# The Rust tests. Their programs run at the same time, because most of what they do is to wait, for each other's
# devices, for databases and for clocks; what each has said is shown when it has ended.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --tests
. scripts/env.sh

tested test --no-run
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
programs=("--lib --bins" "--doc" "--test model" "--test store" "--test on_mongo" "--test sotto" "--test torture")
running=()
for program in "${programs[@]}"; do
  # shellcheck disable=SC2086 # words
  tested test $program >"$said/$program" 2>&1 &
  running+=($!)
done
failed=()
for index in "${!programs[@]}"; do
  wait "${running[index]}" || failed+=("${programs[index]}")
  cat "$said/${programs[index]}"
done
[ ${#failed[@]} = 0 ] || die "these Rust tests failed (each line is what 'cargo test' takes): ${failed[*]}"
