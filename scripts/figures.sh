#!/usr/bin/env bash
# The figures of docs/performance.md that a browser measures, into target/figures; arguments go to
# Playwright. Takes about ten minutes; on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --figures
. scripts/env.sh
export FIGURES="$PWD/target/figures" CHROMIUM_SHELL="$CHROMIUM" CHROME_PATH="$CHROMIUM"
export PATH="$SOTTO_TOOLS/lighthouse/node_modules/.bin:$PATH"
mkdir -p "$FIGURES"
scripts/build.sh
SOTTO_BIN=$(binary)
export SOTTO_BIN
exec scripts/end-to-end.sh --project=figures --workers=1 "$@"
