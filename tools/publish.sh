#!/usr/bin/env bash
# Publishes the server as one file that needs no .NET on the machine, starts it once, and says
# its size, how soon it accepts, and what memory it takes at rest.
#   tools/publish.sh [RUNTIME [AOT]]
# AOT=1: native code, which a linker has to put together; AOT=0: the trimmed runtime and its
# just-in-time compiler in the same file. Without a word: native code for machines like this one.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/web.sh

runtime=${1:-linux-x64}
native=${2:-}
restore=(dotnet restore src/Reactor -r "$runtime" -v quiet)
if [ -z "$native" ]; then
    native=0
    case "$(uname -sm) $runtime" in
        "Linux x86_64 linux-x64" | "Linux aarch64 linux-arm64")
            if "${restore[@]}" -p:PublishAot=true; then native=1; fi ;;
    esac
    [ "$native" = 1 ] || echo "native code for $runtime is not made here: publishing it trimmed"
fi

form=(--self-contained -p:PublishTrimmed=true -p:PublishSingleFile=true)
if [ "$native" = 1 ]; then
    command -v clang > /dev/null || tools/need.sh gcc
    form=(-p:PublishAot=true -p:StripSymbols=true)
fi

output=artifacts/publish/$runtime
rm -rf "$output"
# Analyzers have their say in `make build`; what cannot be trimmed is still told here.
DOTNET_TieredPGO=0 dotnet publish src/Reactor -c Release -r "$runtime" -v quiet --nologo \
    "${form[@]}" -p:RunAnalyzers=false -p:DebugType=none -p:PublishDocumentationFiles=false \
    -o "$output"
rm -f "$output"/*.dbg
tools/firststart.sh "$output/Reactor"
