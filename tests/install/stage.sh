#!/usr/bin/env bash
# Installs a build tree, moves the result to PREFIX and checks that it remembers no other place.
# Usage: stage.sh SOURCE BUILD PREFIX
set -euo pipefail
source=$1 build=$2 prefix=$3
first=$prefix.first
rm -rf "$prefix" "$first"
cmake --install "$build" --prefix "$first"
mv "$first" "$prefix"

# A path begins where no letter of one stands before it: a clone may lie in a place such as /src.
if grep -rIlE "(^|[^[:alnum:]_./}-])($build|$source/|$first)" "$prefix"; then
  echo "the files above name the place where they were built or first installed" >&2
  exit 1
fi
for file in LICENSE README.md docs/dependencies.md; do
  [[ -s $prefix/share/doc/fallline/$file ]] || { echo "not installed: $file" >&2 && exit 1; }
done
"$prefix/bin/fallline" --help
