#!/usr/bin/env bash
# Publishes the server as one file that needs no .NET on the machine, starts it once, and says
# its size, how soon it accepts, and what memory it takes at rest.
#   tools/publish.sh [RUNTIME [AOT]]      AOT=1: compiled to native code, where its pack exists
set -euo pipefail
cd "$(dirname "$0")/.."

tools/web.sh

runtime=${1:-linux-x64}
form=(--self-contained -p:PublishTrimmed=true -p:PublishSingleFile=true)
[ "${2:-}" = 1 ] && form=(-p:PublishAot=true -p:StripSymbols=true)

output=artifacts/publish/$runtime
rm -rf "$output"
dotnet publish src/Reactor -c Release -r "$runtime" -v quiet --nologo "${form[@]}" \
    -p:DebugType=none -p:PublishDocumentationFiles=false -o "$output"
rm -f "$output"/*.dbg
tools/firststart.sh "$output/Reactor"
