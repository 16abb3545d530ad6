#!/usr/bin/env bash
# Threads that cannot be made are an error, or there are fewer.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p
status=0
(ulimit -v 2000000 && exec "$FL" train p --epochs 1 -q --threads 1024 -o r) >out 2>err || status=$?
case $status in
  0) model_of r ;;
  5) [[ -s err ]] || fail "nothing was said" ;;
  *) fail "exit status $status: $(cat err)" ;;
esac
