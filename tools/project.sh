#!/usr/bin/env bash
# Runs one test project that is built already, keeps its results, and prints what it had to say
# in one piece when it has ended: others may run beside it.
#   tools/project.sh RESULTS FILTER PROJECT
set -euo pipefail

results=$1
filter=$2
project=$3
name=$(basename "$project")

# What vstest says of itself, between the failures and the sums.
noise="^(Starting test execution|A total of 1 test files|Data collector 'Blame'|Results File:)"

status=0
said=$(DOTNET_TieredPGO=0 dotnet test "$project/bin/Release/net10.0/$name.dll" --nologo \
    ${filter:+--filter "$filter"} \
    --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" \
    --logger "console;verbosity=minimal" \
    --blame-hang-timeout 10m --blame-hang-dump-type none 2>&1 |
    sed -E "/$noise/d; /^$/d") || status=1

# The host died early, or the filter matched nothing: neither is a success.
if ! grep -qs '<Counters total="[1-9]' "$results/$name.trx"; then
    said+=$'\n'"$name: no test ran"
    status=1
fi

until mkdir "$results/printing" 2> /dev/null; do sleep 0.1; done
printf '%s\n' "$said"
rmdir "$results/printing"
exit "$status"
