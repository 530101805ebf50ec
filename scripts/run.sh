#!/usr/bin/env bash
# Builds what is missing and starts Sotto.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh
. scripts/env.sh
exec "$(binary)"
