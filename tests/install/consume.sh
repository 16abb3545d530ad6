#!/usr/bin/env bash
# Builds consumer/ against fallline in one of three ways, runs it and checks what it prints.
# Usage: consume.sh find_package|pkg_config PREFIX SCRATCH
#        consume.sh add_subdirectory SOURCE SCRATCH
set -euo pipefail
way=$1 place=$2 scratch=$3
here=$(cd "$(dirname "$0")" && pwd)
cmake_build() { cmake -S "$here/consumer" -B "$scratch" -G Ninja "$@" && cmake --build "$scratch"; }

case $way in
  find_package)
    rm -rf "$scratch"
    cmake_build -DCMAKE_PREFIX_PATH="$place"
    ;;
  pkg_config)
    mkdir -p "$scratch"
    export PKG_CONFIG_PATH=$place/lib/pkgconfig LD_LIBRARY_PATH=$place/lib
    read -ra flags <<<"$(pkg-config --cflags --libs fallline)"
    "$CXX" -std=c++20 "$here/consumer/main.cpp" "${flags[@]}" -o "$scratch/consumer"
    ;;
  add_subdirectory)
    # Whether it builds is all that is asked: neither optimised code nor debug information. Here each
    # source is compiled by itself, so that none comes to need what another includes, and with all
    # warnings: some are off where a directory is compiled as one.
    cmake_build -DFALLLINE_SOURCE="$place" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
      -DFALLLINE_DEV=ON
    ;;
esac

expected="2 examples of 3 features, 2 classes"
printed=$("$scratch/consumer")
if [[ $printed != "$expected" ]]; then
  printf 'expected: %s\nprinted:  %s\n' "$expected" "$printed" >&2
  exit 1
fi
