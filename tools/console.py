#!/usr/bin/env python3
"""console.py OUT.c DEPFILE SOURCE WORK TABLE [LIMIT_KB SHARED…] - build a web application and make one C table of its files.

SOURCE (web/app: the office console; web/phone) is copied to WORK, its packages are installed there as package-lock.json says,
and vite writes WORK/…/dist. Nothing is written into the source tree. The names of the built files carry their hash, so they
need no further one. LIMIT_KB: of all code and style together, in gzip; a chunk called reader-… is no part of
any first page and may have a quarter of it besides. SHARED: files of a neighbour that it imports. MQ_BUILT_BESIDE in the
environment names another build directory of these sources: what it has made of the same files is taken from there.
"""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import assets  # noqa: E402

NODE_NEEDED = (20, 19)
SKIPPED = {"node_modules", "dist", ".vite"}


def sources(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED)
        for name in sorted(names):
            yield pathlib.Path(folder) / name


def copy(source, work):
    """WORK becomes SOURCE, but for what was installed and built there."""
    wanted = {path.relative_to(source) for path in sources(source)}
    for path in list(sources(work)):
        if path.relative_to(work) not in wanted and path.name != "installed.json":
            path.unlink()
    for name in wanted:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, work / name)


def run(work, *command):
    done = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


def node(work):
    """The node to build with: the system's, or one as a package where that is too old for vite (Debian 12 has 18)."""
    needed = "the console needs Node.js " + ".".join(map(str, NODE_NEEDED)) + " or newer to be built"
    try:
        version = run(work, "node", "--version").strip().lstrip("v")
    except FileNotFoundError:
        sys.exit(f"{needed}; there is none. tools/install-deps.sh installs one.")
    if tuple(map(int, version.split(".")[:2])) >= NODE_NEEDED:
        return "node"
    own = work.parent / "node"
    program = own / "node_modules" / "node" / "bin" / "node"
    if not program.exists():
        own.mkdir(exist_ok=True)
        done = subprocess.run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(own), "node@22"], cwd=own,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0 or not program.exists():
            sys.exit(f"{needed}; here is {version}, and the package node@22 could not be installed beside it:\n{done.stdout}\n"
                     f"Put a newer node first on the PATH, or {program} in place.")
    return str(program)


def install(work):
    """npm ci, unless the same lock file was installed here before."""
    mark, lock = work / "installed.json", (work / "package-lock.json").read_text(encoding="utf-8")
    if mark.exists() and mark.read_text(encoding="utf-8") == lock and (work / "node_modules").exists():
        return
    run(work, "npm", "ci", "--no-audit", "--no-fund")
    mark.write_text(lock, encoding="utf-8")


def weigh(files, limit_kb):
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in files if path.suffix in (".js", ".css", ".html")}
    reader = sum(size for name, size in sizes.items() if name.startswith("reader-"))
    total = sum(sizes.values()) - reader
    print(f"{total} bytes in gzip, {reader} of the reader")
    if total > limit_kb * 1024 or reader > limit_kb * 256:
        sys.exit(f"{total} and {reader} bytes in gzip: more than {limit_kb} KB and a quarter of it")


def take_from_beside(out, needed):
    """The other build's table, unless a source is newer; says whether it was taken."""
    ready = pathlib.Path(os.environ.get("MQ_BUILT_BESIDE", "")) / out
    if "MQ_BUILT_BESIDE" not in os.environ or not ready.exists() or ready.stat().st_mtime < max(p.stat().st_mtime for p in needed):
        return False
    shutil.copyfile(ready, out)
    return True


def main():
    out, depfile, source, work = map(pathlib.Path, sys.argv[1:5])
    table, limit_kb, shared = sys.argv[5], int(sys.argv[6]) if len(sys.argv) > 6 else 0, [pathlib.Path(p) for p in sys.argv[7:]]
    needed = [*sources(source), *shared]
    depfile.write_text(f"{out}: " + " ".join(str(path).replace(" ", "\\ ") for path in needed) + "\n", encoding="utf-8")
    if take_from_beside(out, needed):
        return
    around = work.resolve()
    work = around / source.name
    work.mkdir(parents=True, exist_ok=True)
    copy(source, work)
    for path in shared:
        place = around / path.relative_to(source.parent)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    install(work)
    vite = json.loads((work / "node_modules/vite/package.json").read_text(encoding="utf-8"))["bin"]["vite"]
    print(run(work, node(work), f"node_modules/vite/{vite}", "build"))
    dist = work / "dist"
    files = [path for path in sorted(dist.rglob("*")) if path.is_file()]
    if limit_kb > 0:
        weigh(files, limit_kb)
    names = [str(path.relative_to(dist)) for path in files]
    assets.write(out, table, [(name, name, path.read_bytes()) for name, path in zip(names, files)])


if __name__ == "__main__":
    main()
