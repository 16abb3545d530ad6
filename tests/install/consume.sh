#!/usr/bin/env bash
# Builds consumer/ against fallline in one of three ways, runs it and checks what it prints.
# Usage: consume.sh find_package|pkg_config PREFIX SCRATCH
#        consume.sh add_subdirectory SOURCE SCRATCH BUILT_TREE
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
    # From the objects that there are: that it is found and linked is what is asked.
    rm -rf "$scratch"
    unity=$(sed -n 's/^CMAKE_UNITY_BUILD:[A-Z]*=//p' "$4/CMakeCache.txt")
    cmake_build -DFALLLINE_SOURCE="$place" -DCMAKE_UNITY_BUILD="$unity" \
      -DCMAKE_CXX_COMPILER_LAUNCHER="bash;$here/borrow.sh;$4"
    ;;
esac

expected="2 examples of 3 features, 2 classes"
printed=$("$scratch/consumer")
if [[ $printed != "$expected" ]]; then
  printf 'expected: %s\nprinted:  %s\n' "$expected" "$printed" >&2
  exit 1
fi
