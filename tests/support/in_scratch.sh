#!/usr/bin/env bash
# Runs a command in a directory that is empty at its start.
# Usage: in_scratch.sh DIRECTORY COMMAND…
set -euo pipefail
directory=$1
shift
rm -rf "$directory"
mkdir -p "$directory"
cd "$directory"
exec "$@"
