#!/usr/bin/env python3
"""Records in `hashes` what a fallline prints as the weights' hash of each run listed there.

Usage: hashes.py FALLLINE

Hashes of other instruction sets, and of networks under other builds of OpenBLAS, stay as they are.
A hash that changes is a decision: the reason goes into `hashes`, beside the run.
"""
import json, os, pathlib, re, shlex, subprocess, sys, tempfile

here = pathlib.Path(__file__).resolve().parent
tool = os.path.abspath(sys.argv[1])
lines = (here / 'hashes').read_text().splitlines()


def blas():
    """The build of OpenBLAS that the program loads, and its kernels: networks' bits are theirs."""
    import ctypes
    listed = subprocess.run(['ldd', tool], capture_output=True, text=True, check=True).stdout
    library = ctypes.CDLL(re.search(r'=> (\S*openblas\S*)', listed)[1])
    name = lambda f: (setattr(f, 'restype', ctypes.c_char_p), f().decode())[1]
    version = re.search(r'OpenBLAS (\S+)', name(library.openblas_get_config))[1]
    return f'openblas-{version}-{name(library.openblas_get_corename)}'


def weights_hash(arguments, isa, directory):
    command = [tool, 'train', *shlex.split(arguments), '--isa', isa, '--format', 'json', '--quiet',
               '--run-directory', tempfile.mkdtemp(dir=directory) + '/run']
    run = subprocess.run(command, capture_output=True, text=True, cwd=directory)
    if run.returncode not in (0, 4):  # 4: it diverged, and has weights
        sys.exit(f"{arguments}: {run.returncode} {run.stderr}")
    return json.loads(run.stdout)["weights_hash"]


def known_sets():
    """The program's name of each instruction set, and that of its bits."""
    flags = pathlib.Path('/proc/cpuinfo').read_text()
    symbols = pathlib.Path(tool).read_bytes()
    baseline = [bits for bits in ('scalar', 'sse2', 'neon') if f'N_{bits.upper()}'.encode() in symbols]
    if len(baseline) != 1:
        sys.exit(f'{tool} has no symbols that tell what its baseline is: {baseline}')
    return ([('baseline', baseline[0])] + [('avx2', 'avx2')] * (' avx2 ' in flags) +
            [('avx512', 'avx512')] * (' avx512dq ' in flags))


with tempfile.TemporaryDirectory() as directory:
    subprocess.run([tool, 'data', 'make', 'pictures', '--train', '500', '--test', '100'],
                   cwd=directory, check=True, capture_output=True)
    for file in (here / 'runs-0.1' / 'data').iterdir():
        os.symlink(file, f'{directory}/{file.name}')
    out = []
    for i, line in enumerate(lines):
        out.append(line)
        if not line or line.startswith(('#', ' ')):
            continue
        for isa, bits in known_sets():
            key = bits + (' ' + blas() if '--model' in line else '')
            found = f'  {key} {weights_hash(line, isa, directory)}'
            below = [j for j in range(i + 1, len(lines)) if lines[j].startswith(f'  {key} ')]
            end = next((j for j in range(i + 1, len(lines)) if not lines[j].startswith(' ')), len(lines))
            old = [j for j in below if j < end]
            if old:
                lines[old[0]] = found
            else:
                out.append(found)
(here / 'hashes').write_text('\n'.join(out) + '\n')
