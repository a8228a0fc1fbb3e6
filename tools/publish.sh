#!/usr/bin/env bash
# Publishes the server as one trimmed file that needs no .NET on the machine, and says its size.
#   tools/publish.sh [RUNTIME]
set -euo pipefail
cd "$(dirname "$0")/.."

tools/web.sh

runtime=${1:-linux-x64}
output=artifacts/publish/$runtime
rm -rf "$output"
dotnet publish src/Reactor -c Release -r "$runtime" --self-contained -v quiet --nologo \
    -p:PublishTrimmed=true -p:PublishSingleFile=true -p:DebugType=none -o "$output"
echo "$output/Reactor: $(($(wc -c < "$output/Reactor") / 1000000)) MB"
