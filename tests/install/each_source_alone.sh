#!/usr/bin/env bash
# Looks at each of the library's sources by itself, as they are compiled without a unity build: none
# may need what another includes, and warnings that are off there are on. No code is generated.
# Usage: each_source_alone.sh SOURCE SCRATCH
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$2"
cmake -S "$1" -B "$2" -G Ninja -DCMAKE_UNITY_BUILD=OFF -DFALLLINE_DEV=ON -DFALLLINE_BUILD_TESTS=OFF \
  -DFALLLINE_BUILD_EXAMPLES=OFF -DCMAKE_CXX_COMPILER_LAUNCHER="bash;$here/look_at.sh"
cmake --build "$2" --parallel "$(nproc)" --target fallline
