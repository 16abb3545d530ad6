# What the checks have in common: each is one thing that somebody tried, with the command alone.
# FL names the command. A check runs in a directory of its own, says what is wrong and fails, or
# ends with 0; 77 means that this machine cannot try it.
set -u
: "${FL:?FL names the fallline command}"
scratch=$(mktemp -d)
trap 'cleanup; rm -rf "$scratch"' EXIT
cleanup() { :; }
cd "$scratch" || exit 1

fail() {
  echo "$*" >&2
  exit 1
}
skip() {
  echo "skipped: $*"
  exit 77
}

# run STATUS COMMAND…: the command ends so; its output is in out and err.
run() {
  local wanted=$1 status=0
  shift
  "$@" >out 2>err </dev/null || status=$?
  [[ $status == "$wanted" ]] || fail "exit status $status, not $wanted, of: $*
$(tail -n 5 out err)"
}

# says TEXT FILE: the file holds it.
says() { grep -qF -- "$1" "$2" || fail "nothing says '$1' in $2: $(tail -n 5 "$2")"; }
says_not() { ! grep -qF -- "$1" "$2" || fail "'$1' is said in $2: $(grep -F -- "$1" "$2")"; }

# wait_for FILE: until it exists.
wait_for() {
  for _ in {1..600}; do
    [[ ! -e $1 ]] || return 0
    sleep 0.05
  done
  fail "$1 never appeared"
}

pictures() { run 0 "$FL" data make "$1" --train "${2:-200}" --test "${3:-50}"; }

# accuracy RUN…: of an evaluation, in percent.
accuracy() {
  run 0 "$FL" evaluate "$@" --format json -q
  python3 -c 'import json; print(round(100 * json.load(open("out"))["accuracy"], 2))'
}

# model_of RUN: its weights are on the disk, and can be read.
model_of() {
  [[ -s $1/model.safetensors ]] || fail "$1 has no model: $(ls -la "$1" 2>&1)"
  run 0 "$FL" export "$1" "$1.onnx"
}
