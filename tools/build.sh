#!/usr/bin/env bash
# Compiles the solution, warnings being errors, with one compiler for all its projects: to start
# one for each, and in each the analyzers, takes as long again as what they do. The compiler is
# this build's own, and ends with it.
#   tools/build.sh CONFIGURATION
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_TieredPGO=0       # counting branches pays in a process that runs for long
version=$(dotnet --version)
sdks=$(dotnet --list-sdks | sed -n "s/^$version \[\(.*\)\]$/\1/p")
compiler=$sdks/$version/Roslyn/bincore/VBCSCompiler.dll
pipe=reactor-build-$$
trap 'dotnet "$compiler" -pipename:$pipe -shutdown > /dev/null 2>&1 || true' EXIT

dotnet build Reactor.sln -c "$1" -v quiet --nologo -clp:NoSummary \
    -p:UseSharedCompilation=true -p:SharedCompilationId=$pipe
