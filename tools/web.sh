#!/usr/bin/env bash
# Builds the player page and the console into src/Reactor.Web/dist, unless that is newer than all
# they are made of. Without node and npm the server is built without pages, and says so itself.
#   tools/web.sh
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/../src/Reactor.Web"

sources=(package.json package-lock.json build.js lib pages styles player console)
built=dist/index.html
if [ -f "$built" ] && [ -z "$(find "${sources[@]}" -newer "$built" -print -quit)" ]; then
    exit 0
fi

# The page is not the server: what is missing for it is said, and no reason to stop.
without() {
    echo "the pages are not built: $1" >&2
    exit 0
}

for need in 'node nodejs' 'npm npm'; do
    # shellcheck disable=SC2086
    "$tools/need.sh" $need || without "${need% *} is missing"
done

# npm leaves this file behind when it is done.
if [ package-lock.json -nt node_modules/.package-lock.json ]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    npm ci --ignore-scripts --no-audit --no-fund > "$log" 2>&1 || {
        tail -n 5 "$log" >&2
        without "npm could not fetch their packages"
    }
fi

node build.js
