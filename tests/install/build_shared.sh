#!/usr/bin/env bash
# Builds fallline as a shared library, from the objects of a build tree that has them already: they
# are position-independent, so only linking and packaging differ.
# Usage: build_shared.sh SOURCE BUILT_TREE SHARED_TREE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$3"
unity=$(sed -n 's/^CMAKE_UNITY_BUILD:[A-Z]*=//p' "$2/CMakeCache.txt")
cmake -S "$1" -B "$3" -G Ninja -DCMAKE_UNITY_BUILD="$unity" -DBUILD_SHARED_LIBS=ON -DFALLLINE_BUILD_TESTS=OFF \
  -DFALLLINE_BUILD_EXAMPLES=OFF -DCMAKE_CXX_COMPILER_LAUNCHER="bash;$here/borrow.sh;$2"
cmake --build "$3" --parallel "$(nproc)"
