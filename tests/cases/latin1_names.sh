#!/usr/bin/env bash
# Names that are not UTF-8 are refused before training, with their place; UTF-16 by its name.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 - <<'P'
names = ('ros\xe9', 'gr\xfcn')
lines = ['a,b,label'] + [f'{i},{i * 7 % 11},{names[i % 2]}' for i in range(60)]
open('labels.csv', 'wb').write(('\n'.join(lines) + '\n').encode('latin-1'))
open('header.csv', 'wb').write('h\xf6he,b,label\n1,2,a\n2,3,b\n3,4,a\n4,1,b\n'.encode('latin-1'))
open('utf16.csv', 'wb').write('\n'.join(lines).encode('utf-16'))
P
run 3 "$FL" train labels.csv -o a && says "UTF-8" err && says "row 2" err
run 3 "$FL" train header.csv -o b -q && says "UTF-8" err && says "row 1" err
run 3 "$FL" search random labels.csv -o c -q && says "UTF-8" err
run 3 "$FL" data info labels.csv --format json
run 3 "$FL" data info utf16.csv && says "UTF-16" err
