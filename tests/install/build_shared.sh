#!/usr/bin/env bash
# Builds fallline as a shared library.
# Usage: build_shared.sh SOURCE BUILD
set -euo pipefail
cmake -S "$1" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DBUILD_SHARED_LIBS=ON \
  -DFALLLINE_BUILD_TESTS=OFF -DFALLLINE_BUILD_EXAMPLES=OFF
cmake --build "$2" --parallel "$(nproc)"
