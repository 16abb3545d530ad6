#!/usr/bin/env bash
# Signals of terminals and batch systems save as SIGTERM does.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p 2000
for signal in HUP TERM INT XCPU USR1; do
  # A shell in the background has SIGINT ignored; a program that sets it up has it back.
  "$FL" train p --epochs 1000000 -q --threads 1 -o r$signal >o 2>e &
  pid=$!
  cleanup() { kill -9 $pid 2>/dev/null; }
  wait_for r$signal/run.toml
  kill -$signal $pid
  wait $pid
  status=$?
  [[ $status == 130 ]] || fail "SIG$signal: exit status $status: $(cat e)"
  model_of r$signal
done
