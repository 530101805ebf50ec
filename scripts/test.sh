#!/usr/bin/env bash
# Everything that must pass: the gate, and what a person runs before sending a change.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --tests
. scripts/env.sh

scripts/check.sh

say "the browser tests' types"
(cd end2end && npx tsc --noEmit)

scripts/build.sh --page

say "Rust tests"
scripts/rust-tests.sh

say "what the page weighs"
scripts/size.sh

say "browser tests"
scripts/end-to-end.sh

say "the main browser test on MongoDB"
scripts/with-mongo.sh scripts/end-to-end.sh --project=desktop live -g "two people come from sign-up"
