#!/usr/bin/env bash
# Makes sure that a program is there: installs it where that needs no question (root on a Debian
# machine), and otherwise says in one line what is missing and how to get it.
#   tools/need.sh PROGRAM [PACKAGE]
set -euo pipefail

program=$1
package=${2:-$program}

command -v "$program" > /dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "installing $package"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    export DEBIAN_FRONTEND=noninteractive
    if { apt-get -qq update && apt-get -qq install -y "$package"; } > "$log" 2>&1; then
        exit 0
    fi
    tail -n 5 "$log" >&2
fi

echo "$program is missing: 'sudo apt-get install $package' or 'brew install $package'" >&2
exit 1
