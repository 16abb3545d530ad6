#!/usr/bin/env bash
# A compiler launcher that has a source checked, and leaves an empty object.
# Usage: look_at.sh COMPILER OPTION… -o OBJECT -c SOURCE
set -euo pipefail
"$@" -fsyntax-only
while [[ $1 != -o ]]; do shift; done
: >"$2"
