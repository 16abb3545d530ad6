#!/usr/bin/env bash
# A model file of 20 MB of brackets is refused within the memory that is allowed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 -c "import struct; n=20000000; open('m.safetensors','wb').write(struct.pack('<Q',n)+b'['*n)"
status=0
(ulimit -v 1500000 && exec "$FL" evaluate m.safetensors --memory 100MB) >out 2>err || status=$?
[[ $status == 3 || $status == 5 ]] || fail "exit status $status: $(cat err)"
says m.safetensors err
