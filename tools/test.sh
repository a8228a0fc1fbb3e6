#!/usr/bin/env bash
# Runs test projects that are built already, one after another (two cores, and some measure),
# keeps their results in artifacts/results/KIND, and ends with the total.
#   tools/test.sh KIND FILTER PROJECT...
set -euo pipefail
cd "$(dirname "$0")/.."

kind=$1
filter=$2
shift 2

# What vstest says of itself, between the failures and the sums.
noise="^(Starting test execution|A total of 1 test files|Data collector 'Blame'|Results File:)"

results=artifacts/results/$kind
rm -rf "$results"
status=0
for project in "$@"; do
    name=$(basename "$project")
    dotnet test "$project/bin/Release/net10.0/$name.dll" --nologo \
        ${filter:+--filter "$filter"} \
        --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" \
        --logger "console;verbosity=minimal" \
        --blame-hang-timeout 5m --blame-hang-dump-type none |
        sed -E "/$noise/d; /^$/d" || status=1

    # The host died early, or the filter matched nothing: neither is a success.
    if ! grep -qs '<Counters total="[1-9]' "$results/$name.trx"; then
        echo "$name: no test ran" >&2
        status=1
    fi
done

tools/total.sh "$status" "$results"
exit "$status"
