#!/usr/bin/env python3
"""run.py [--jobs N] [FILE.tsv...]: break the program in one place at a time; its tests must notice.

Each line of a list: file, old text (occurs exactly once; \\n is a line break), new text, the test program that must fail,
what it breaks. Works on a copy of the tree; prints a line for each mutant, exit 1 when one survives or no longer applies."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def mutants(paths):
    for path in paths:
        for line in Path(path).read_text().splitlines():
            if line and not line.startswith('#'):
                file, old, new, test, what = line.split('\t')
                # only a break that is followed by indentation is a line break; "\n" inside C text stays as it is
                yield file, old.replace('\\n    ', '\n    '), new.replace('\\n    ', '\n    '), test, what


def program(build, test):
    """The ninja target of a test program."""
    listed = subprocess.run(['ninja', '-C', build, '-t', 'targets', 'all'], capture_output=True, text=True, check=True)
    names = [t.split(':')[0] for t in listed.stdout.splitlines()]
    return next(n for n in names if n.split('/')[-1] == test)


def killed(build, test, jobs, env):
    if subprocess.run(['ninja', '-C', build, '-j', jobs, program(build, test)], capture_output=True).returncode != 0:
        return 'does not compile'
    try:
        done = subprocess.run([Path(build) / program(build, test)], capture_output=True, env=env, timeout=300)
    except subprocess.TimeoutExpired:
        return 'killed'
    return 'killed' if done.returncode != 0 else 'SURVIVED'


def main():
    arguments = sys.argv[1:]
    jobs = arguments.pop(arguments.index('--jobs') + 1) if '--jobs' in arguments else str(os.cpu_count())
    lists = [a for a in arguments if a != '--jobs'] or sorted(Path(__file__).parent.glob('*.tsv'))
    bad = count = 0
    with tempfile.TemporaryDirectory() as tmp:
        tree, build = Path(tmp) / 'tree', Path(tmp) / 'build'
        shutil.copytree(TOP, tree, ignore=shutil.ignore_patterns('build*', '.git', 'node_modules', 'demo-data'))
        subprocess.run(['meson', 'setup', build, tree, '-Doptimization=1', '-Dwerror=false'], check=True, stdout=subprocess.DEVNULL)
        env = {**os.environ, 'MQ_SOURCE_DIR': str(tree)}
        for file, old, new, test, what in mutants(lists):
            path = tree / file
            text = path.read_text()
            applies = text.count(old) == 1
            if applies:
                path.write_text(text.replace(old, new))
            verdict = killed(build, test, jobs, env) if applies else 'does not apply'
            path.write_text(text)
            count += 1
            bad += verdict != 'killed'
            print(f'{verdict}\t{file}\t{what}', flush=True)
    print(f'mutants={count} not_killed={bad}')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
