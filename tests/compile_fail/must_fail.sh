#!/usr/bin/env bash
# A program that must not compile, and whose first error must say what its first line expects; with
# RIGHT defined it must compile, so that it fails for no other reason.
# Usage: must_fail.sh SOURCE COMPILER OPTION…
set -euo pipefail
source=$1
shift
expected=$(sed -n '1s|^// expect: ||p' "$source")
compile=("$@" -fsyntax-only "$source")

"${compile[@]}" -DRIGHT
if output=$("${compile[@]}" 2>&1); then
  echo "$source compiles" >&2
  exit 1
fi
first=$(grep -m1 'error:' <<<"$output")
if ! grep -qE -- "$expected" <<<"$first"; then
  printf 'expected: %s\nfirst:    %s\n\n%s\n' "$expected" "$first" "$output" >&2
  exit 1
fi
