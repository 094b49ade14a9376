"""Where the tests find the verifiers and the vectors."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
VECTORS = os.path.join(SOURCE, "vectors")
for folder in (os.path.join(SOURCE, "tools", "verify"), os.path.join(SOURCE, "tests", "differential")):
    if folder not in sys.path:
        sys.path.insert(0, folder)


def folders(kind, prefix):
    """Directories vectors/KIND/PREFIX*"""
    base = os.path.join(VECTORS, kind)
    return [os.path.join(base, n) for n in sorted(os.listdir(base))
            if n.startswith(prefix) and os.path.isdir(os.path.join(base, n))]


def load(folder):
    """{name: bytes} of all files of a directory."""
    files = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as f:
            files[name] = f.read()
    return files


def silent(zh, en):
    """For the verifiers' reports of their steps."""
