#!/usr/bin/env bash
# Lighthouse on the log-in page and on a conversation: simulated mobile, over loopback. Prints the
# figures as a table; the reports lie in target/lighthouse.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --tests
scripts/build.sh
. scripts/env.sh

LIGHTHOUSE=13.5.0
lighthouse="$SOTTO_TOOLS/lighthouse/node_modules/.bin/lighthouse"
if [ "$("$lighthouse" --version 2>/dev/null)" != "$LIGHTHOUSE" ]; then
  say "installing Lighthouse $LIGHTHOUSE from npm"
  PUPPETEER_SKIP_DOWNLOAD=1 npm install --silent --no-save --prefix "$SOTTO_TOOLS/lighthouse" "lighthouse@$LIGHTHOUSE"
fi

# --- A server with two people who have talked -----------------------------------------------

data=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
site=http://127.0.0.1:$port
SOTTO_ADDR=127.0.0.1:$port SOTTO_DATA=$data/store SOTTO_RATE_LIMITS=off "$(binary)" >"$data/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$data"' EXIT
until curl -fs "$site/health/ready" >/dev/null; do
  kill -0 "$server" 2>/dev/null || die "the server did not start: $(tail -n 3 "$data/log")"
  sleep 0.2
done

# post WHO PATH JSON: as a page of the site does.
post() {
  curl -fs -b "$data/$1" -c "$data/$1" -H "origin: $site" -H 'content-type: application/json' -d "$3" "$site$2"
}
id_in() { python3 -c 'import json, sys; value = json.load(sys.stdin)
for key in sys.argv[1:]: value = value[int(key) if key.isdigit() else key]
print(value)' "$@"; }

for who in ada grace; do
  post $who /auth "{\"mode\": \"signup\", \"username\": \"$who\", \"password\": \"correct horse battery\"}" >/dev/null
done
request=$(post ada /api/friend-requests/send '{"username": "grace"}' | id_in request id)
talk=$(post grace /api/friend-requests/accept "{\"request_id\": \"$request\"}" | id_in contact conversation_id)
for n in $(seq 60); do
  [ $((n % 3)) = 0 ] && who=ada || who=grace
  id=$(cat /proc/sys/kernel/random/uuid)
  post $who "/api/conversations/$talk/messages" "{\"id\": \"$id\", \"body\": \"Message $n, with a few words\"}" >/dev/null
done
cookie="sid=$(awk '$6 == "sid" { print $7 }' "$data/ada"); tz=UTC"

# --- The figures ------------------------------------------------------------------------------

out=target/lighthouse
mkdir -p "$out"
# audit NAME PATH ARGS...
audit() {
  local name=$1 path=$2
  shift 2
  CHROME_PATH="${CHROMIUM:-$(command -v chromium)}" "$lighthouse" "$site$path" --quiet --output json \
    --output-path "$out/$name.json" --only-categories performance,accessibility,best-practices,seo \
    --chrome-flags="--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync" "$@"
}
audit log-in /auth
audit conversation "/c/$talk" --extra-headers "{\"Cookie\": \"$cookie\"}"

python3 - "$out" <<'END'
import json, sys
print("| page | performance | accessibility | best practices | SEO | LCP | TBT | CLS |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
for page in ("log-in", "conversation"):
    report = json.load(open(f"{sys.argv[1]}/{page}.json"))
    scores = [f"{100 * report['categories'][name]['score']:.0f}" for name in ("performance", "accessibility", "best-practices", "seo")]
    shown = [report["audits"][name]["displayValue"].replace("\xa0", " ") for name in
             ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")]
    print(f"| {page} | {' | '.join(scores + shown)} |")
END
