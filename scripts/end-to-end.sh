#!/usr/bin/env bash
# The browser tests, always against the release build; arguments go to Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --tests
scripts/build.sh
. scripts/env.sh
SOTTO_BIN=$(binary)
export SOTTO_BIN CHROMIUM="${CHROMIUM:-$(command -v chromium)}"
cd end2end
exec npx playwright test "$@"
