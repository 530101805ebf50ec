#!/usr/bin/env bash
# The attack (docs/reliability.md), for as many seconds as it is told:
#   scripts/torture.sh [SECONDS] [SEED] [part of a scenario's name]...
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
. scripts/env.sh

export SOTTO_TORTURE_SECONDS="${1:-300}" SOTTO_TORTURE_SEED="${2:-}"
shift $(($# < 2 ? $# : 2))
cargo test --features ssr --test torture -- "$@"
