#!/usr/bin/env bash
# Runs test projects that are built already, two at a time in the order given, keeps their results
# in artifacts/results/KIND, and ends with the total.
#   tools/test.sh KIND FILTER PROJECT...
set -euo pipefail
cd "$(dirname "$0")/.."

kind=$1
filter=$2
shift 2

results=artifacts/results/$kind
rm -rf "$results"
mkdir -p "$results"
status=0
# By xargs, because what a script puts into the background is deaf to SIGINT and SIGQUIT.
printf '%s\n' "$@" | xargs -P 2 -n 1 tools/project.sh "$results" "$filter" || status=1

tools/total.sh "$status" "$results"
exit "$status"
