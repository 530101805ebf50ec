#!/usr/bin/env bash
# The browser tests; arguments go to Playwright. The page is the release's; the server is the one of the Rust tests,
# which is built in a fraction of the time, unless SOTTO_BIN names a program.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --tests
. scripts/env.sh
if [ -z "${SOTTO_BIN:-}" ]; then
  scripts/build.sh --page
  tested build --bin sotto
  mkdir -p target/end2end
  SOTTO_BIN=$PWD/target/end2end/sotto
  "$(binary debug)" bundle target/site --output "$SOTTO_BIN"
fi
export SOTTO_BIN
cd end2end
exec npx playwright test "$@"
