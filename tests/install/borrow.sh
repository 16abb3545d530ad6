#!/usr/bin/env bash
# A compiler launcher that copies the object from another build tree in place of compiling it.
# Usage: borrow.sh TREE COMPILER OPTION… -MF DEPFILE -o OBJECT -c SOURCE
set -euo pipefail
tree=$1
shift
arguments=("$@")
while [[ $# -gt 1 ]]; do
  case $1 in
    -o) object=$2 ;;
    -MF) depfile=$2 ;;
  esac
  shift
done
built=$tree/${object#fallline/} # where it is a part of another project
if [[ -f $built ]]; then
  cp "$built" "$object"
  echo "$object:" >"$depfile"
else
  exec "${arguments[@]}"
fi
