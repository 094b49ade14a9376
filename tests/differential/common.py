"""What the two differential runs share: finding the program, the pool of workers, keeping what differs."""
import argparse
import multiprocessing
import os
import shutil
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(SOURCE, "tools", "verify"))


def program():
    """The compiled program, from MQ_BUILD_DIR or build/."""
    directory = os.environ.get("MQ_BUILD_DIR") or os.path.join(SOURCE, "build")
    return os.path.join(directory, "mingqian")


def keep(files, name):
    """Keep a case that differs under cases/NAME/, to be looked at and to stay as a regression."""
    directory = os.path.join(HERE, "cases", name)
    os.makedirs(directory, exist_ok=True)
    for file, data in files.items():
        with open(os.path.join(directory, file), "wb") as f:
            f.write(data)
    return directory


def arguments(description, count):
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--count", type=int, default=count, help="number of cases")
    p.add_argument("--first", type=int, default=1, help="number of the first case; each case is a function of its number")
    p.add_argument("--bin", default=program(), help="the compiled program")
    p.add_argument("--jobs", type=int, default=2)
    return p.parse_args()


def run(label, work, options, scratch):
    """Run work((number, bin, directory)) for all numbers; print counts; the exit status."""
    if not os.access(options.bin, os.X_OK):
        print("%s: no program at %s" % (label, options.bin))
        return 1
    begun, counts, bad = time.time(), {}, 0
    tasks = [(n, options.bin, os.path.join(scratch, "case%d" % n)) for n in range(options.first, options.first + options.count)]
    with multiprocessing.Pool(options.jobs) as pool:
        for number, kind, difference in pool.imap_unordered(work, tasks, chunksize=8):
            counts[kind] = counts.get(kind, 0) + 1
            if difference:
                bad += 1
                print("%s %d: %s" % (label, number, difference))
    shutil.rmtree(scratch, ignore_errors=True)
    print("%s from %d: %s; %d differences; %.0f s" % (label, options.first, ", ".join(
        "%d %s" % (v, k) for k, v in sorted(counts.items())), bad, time.time() - begun))
    print("%d passed, %d failed" % (options.count - bad, bad))
    return 1 if bad else 0
