#!/usr/bin/env bash
# Starts a published server once, on a port of the loopback address, and says its size, when it
# accepted, and its memory two seconds later.
#   tools/firststart.sh PROGRAM
set -euo pipefail

program=$1
echo "$program: $(($(wc -c < "$program") / 1000000)) MB"
if ! "$program" --version > /dev/null 2>&1; then
    echo "it was made for another machine, and is not started here"
    exit 0
fi

port=$((20000 + RANDOM % 20000))
began=$(date +%s%N)
"$program" --listen "127.0.0.1:$port" --set 'http.listen=[]' --level error &
server=$!
trap 'kill "$server" 2> /dev/null || true' EXIT
until (echo > "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
    kill -0 "$server"
    sleep 0.002
done
ended=$(date +%s%N)
sleep 2
memory=$(awk '/^VmRSS/ { print int($2 / 1000) }' "/proc/$server/status")
echo "accepts after $(((ended - began) / 1000000)) ms, $memory MB of memory at rest"
