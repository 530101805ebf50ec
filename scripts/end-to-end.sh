#!/usr/bin/env bash
# The browser tests against the release build; arguments go to Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
SOTTO_BIN=$(binary)
export SOTTO_BIN
cd end2end
exec npx playwright test "$@"
