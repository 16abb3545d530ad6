# Shared by the scripts beside it.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export root

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$@"
  exit 1
}

# Prints the comment at the head of a script, which is its help.
help_of() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }

# quietly LOG COMMAND…: the command's output goes to LOG, and is shown only where it fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null && return
  local status=$?
  cat "$log" >&2
  return "$status"
}

# build PRESET [OPTION…]: configures and builds; the options go to the build.
build() {
  local preset=$1
  shift
  (cd "$root" && cmake --preset "$preset" &&
    cmake --build --preset "$preset" --parallel "$(nproc)" "$@")
}
