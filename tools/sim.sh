#!/usr/bin/env bash
# Simulated worlds: one by its seed, many for some minutes, or else the tests of category
# Simulation, which say "N passed, N failed" and leave their results for the total.
#   tools/sim.sh [SEED] [MINUTES] [SWARM] [CLUSTER]
set -euo pipefail
cd "$(dirname "$0")/.."

seed=${1-}
minutes=${2-}
swarm=${3-}
cluster=${4-}

simulator=tools/Reactor.Simulator/bin/Release/net10.0/Reactor.Simulator.dll
options=(--shrink)
[ -z "$swarm" ] || options+=(--swarm)
[ -z "$cluster" ] || options+=(--cluster)

if [ -n "$seed" ]; then
    dotnet "$simulator" --seed "$seed" --trace "${options[@]}"
elif [ -n "$minutes" ]; then
    dotnet "$simulator" --minutes "$minutes" --first "$(date +%s)" --swarm --shrink
else
    tools/test.sh sim Category=Simulation tests/Reactor.Server.Tests
fi
