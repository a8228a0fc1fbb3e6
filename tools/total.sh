#!/usr/bin/env bash
# Prints "N passed, N failed" (and ", N skipped" if any were) over the trx files below a folder.
# A run that failed without a failed test, as when the test host crashes, counts as one failure.
#   tools/total.sh STATUS FOLDER
set -euo pipefail

status=$1
folder=$2

find "$folder" -name '*.trx' -exec grep -h '<Counters ' {} + 2> /dev/null |
awk -v status="$status" '
    function counter(name) {
        return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0
    }
    {
        passed += counter("passed")
        failed += counter("executed") - counter("passed")
        skipped += counter("total") - counter("executed")
    }
    END {
        if (status != 0 && failed == 0) failed = 1
        printf "%d passed, %d failed", passed, failed
        if (skipped > 0) printf ", %d skipped", skipped
        print ""
    }'
