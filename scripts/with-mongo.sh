#!/usr/bin/env bash
# Runs a command with MONGODB_URI: what it names already, else a server that is started for the
# command on a free port, in a temporary folder, and gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

if [ -z "${MONGODB_URI:-}" ]; then
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  folder=$(mktemp -d)
  if have mongod; then
    mongod --port "$port" --bind_ip 127.0.0.1 --dbpath "$folder" >"$folder/log" 2>&1 &
  else
    "$SOTTO_TOOLS/mongod/bin/secantusd-py" --port "$port" --storage-path "$folder/data" >"$folder/log" 2>&1 &
  fi
  server=$!
  trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$folder"' EXIT
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || die "the MongoDB server did not start: $(tail -n 3 "$folder/log")"
    sleep 0.2
  done
  export MONGODB_URI="mongodb://127.0.0.1:$port"
fi
"$@"
