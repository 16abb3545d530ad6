#!/usr/bin/env bash
# Kills the command at every system call that writes, and at random moments: nothing under a final
# name may be corrupt, and what is left can be used, or is refused with a word.
#
# Usage: kills.sh FALLLINE [MOMENTS]
#
# Without MOMENTS the calls that give files their names; with it every call that writes, and so many
# random moments. Exits with 77 where strace cannot do that here.
set -euo pipefail
fallline=$(realpath "$1")
moments=${2:-0}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

calls=(/^rename /^mkdir /^unlink)
((moments == 0)) || calls+=(flock rmdir ftruncate fsync write openat)
kills=0

die() {
  printf 'kills.sh: %s\n' "$*" >&2
  ls -lR place >&2 || true
  exit 1
}

# quietly COMMAND…: its exit status; the output is in the files out and err.
quietly() {
  local status=0
  "$@" >out 2>err || status=$?
  return "$status"
}

# status_in STATUS… -- COMMAND…: fails unless it ends with one of these.
status_in() {
  local allowed=()
  while [[ $1 != -- ]]; do allowed+=("$1") && shift; done
  shift
  local status=0
  quietly "$@" || status=$?
  [[ " ${allowed[*]} " == *" $status "* ]] || die "exit $status of $*: $(<err)"
}

# whole_json FILE…: those that are there begin and end as an object.
whole_json() {
  local file
  for file in "$@"; do
    [[ ! -e $file ]] || [[ $(head -c 1 "$file")$(tail -n 1 "$file") == '{}' ]] || die "$file is cut"
  done
}

# what_is SET: without the notes, which have its path.
what_is() {
  "$fallline" data info "$1" -q >info || return
  grep -v '^note' info
}

check_run() { # DIRECTORY
  local file
  for file in "$1"/history.jsonl "$1"/epochs.jsonl; do
    [[ ! -e $file ]] || ! grep -qv '^{.*}$' "$file" || die "$file has a line that is cut"
  done
  whole_json "$1/summary.json"
  [[ ! -e $1/model.safetensors ]] || status_in 0 -- "$fallline" evaluate "$1" small -q
}

check_set() { # REFERENCE: what `data info` says of a whole one; an older one there is as good
  local status=0
  [[ -e place/set ]] || return 0
  quietly what_is place/set || status=$?
  if ((status == 0)); then
    cmp -s out "$1" || cmp -s out old.txt || die "half a set is read as a whole one"
  elif ((status != 3)); then
    die "data info ends with $status: $(<err)"
  fi
}

check() { # CASE
  case $1 in
    train)
      check_run place/run
      status_in 0 2 -- "$fallline" train small --epochs 1 -q --threads 1 -o place/run
      ;;
    search)
      for strategy in random local gradient; do check_run "place/run/$strategy"; done
      status_in 0 2 -- "$fallline" search random small --tries 2 -q --threads 1 -o place/run/random
      ;;
    new | into)
      check_set new.txt
      status_in 0 -- "$fallline" data convert small place/set --to idx --overwrite -q
      status_in 0 -- what_is place/set
      cmp -s out new.txt || die "the set written after the kill is another"
      [[ ! -e place/set.partial || ! -e place/set.partial/INCOMPLETE ]] || die "a leftover stays"
      ;;
    sweep)
      whole_json place/sweep.json
      [[ ! -e place/sweep.svg || $(tail -c 7 place/sweep.svg) == '</svg>' ]] || die "cut: sweep.svg"
      status_in 0 -- "$fallline" "${words[@]}"
      ;;
    export) status_in 0 -- "$fallline" export run place/model.onnx --overwrite ;;
    report)
      [[ ! -e place/report.html || $(tail -n 1 place/report.html) == '</html>' ]] || die "cut: report"
      status_in 0 -- "$fallline" "${words[@]}"
      ;;
  esac
  [[ $(<victim) == precious ]] || die "another file was written to"
}

# prepare CASE: an empty place, and in `words` the command.
prepare() {
  rm -rf place && mkdir place
  case $1 in
    train) words=(train small --epochs 2 -q --threads 1 -o place/run) ;;
    search) words=(search all small --tries 20 -q --threads 1 -o place/run) ;;
    new) words=(data convert small place/set --to idx -q) ;;
    into)
      mkdir place/set
      cp old/* place/set
      words=(data convert small place/set --to idx --overwrite -q)
      ;;
    sweep)
      words=(sweep lr small --trial-epochs 0 --from 1e-4 --to 1e-3 -q --threads 1
        --output place/sweep.json --plot place/sweep.svg)
      ;;
    export) words=(export run place/model.onnx) ;;
    report) words=(report run --no-data -q -o place/report.html) ;;
  esac
}

# times CASE CALL: how often the main thread makes that call.
times() {
  prepare "$1"
  strace -qq -e trace="$2" -o trace.txt "$fallline" "${words[@]}" >out 2>err || die "$1: $(<err)"
  wc -l <trace.txt
}

kill_at_calls() { # CASE CALL
  local count k
  count=$(times "$1" "$2")
  for ((k = 1; k <= count; ++k)); do
    prepare "$1"
    # In a shell of its own, which keeps the word of the kill to itself.
    (
      strace -qq -o trace.txt -e trace="$2" -e inject="$2":signal=KILL:when=$k \
        "$fallline" "${words[@]}"
      exit $?
    ) >out 2>err && die "$1 was not killed at $2 $k"
    kills=$((kills + 1))
    check "$1"
  done
}

kill_at_random() { # CASE
  prepare "$1"
  (exec "$fallline" "${words[@]}") >out 2>err &
  sleep "0.$(printf '%03d' $((RANDOM % 400)))"
  kill -KILL $! 2>/dev/null || true
  wait $! 2>/dev/null || true
  kills=$((kills + 1))
  check "$1"
}

if ! strace -qq -o /dev/null -e inject=write:error=EIO:when=1000 true 2>/dev/null; then
  echo "skipped: strace cannot trace here"
  exit 77
fi

echo precious >victim
"$fallline" data make small --train 200 --test 50 >out
"$fallline" train small --epochs 1 -q -o run >out
"$fallline" data make other --train 100 --test 20 --seed 2 >out
"$fallline" data convert other old --to idx -q >out
what_is old >old.txt
"$fallline" data convert small set --to idx -q >out
what_is set >new.txt

cases=(train search new into sweep export)
! quietly "$fallline" report run --no-data -q -o probe.html || cases+=(report)
for case in "${cases[@]}"; do
  for call in "${calls[@]}"; do kill_at_calls "$case" "$call"; done
done
for ((moment = 0; moment < moments; ++moment)); do
  kill_at_random "${cases[moment % ${#cases[@]}]}"
done
echo "$kills kills, nothing corrupt"
