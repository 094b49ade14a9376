#!/usr/bin/env bash
# journal.sh BUILD: durable journal entries per second, SQLite and PostgreSQL, beside the disk's own fsync rate.
# Machine-readable lines on standard output. Data goes to TMPDIR (default /var/tmp: a disk, not memory).
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build}")/bench_journal
export TMPDIR=${TMPDIR:-/var/tmp}
dir=$(mktemp -d "$TMPDIR/mingqian-bench-XXXXXX")
trap 'rm -rf "$dir"' EXIT
threads=${THREADS:-50} seconds=${SECONDS_EACH:-5}

python3 - "$dir/probe" <<'PROBE'
import os, sys, time
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT, 0o600)
n, start = 0, time.monotonic()
while time.monotonic() - start < 2:
    os.write(fd, b"x" * 4096)
    os.fdatasync(fd)
    n += 1
print(f"name=disk.fdatasync per_second={n / (time.monotonic() - start):.0f}")
PROBE
mkdir "$dir/sqlite" "$dir/postgres"
"$program" "sqlite:$dir/sqlite/mingqian.db" "$dir/sqlite" "$threads" "$seconds"
PG_DURABLE=1 tests/pg.sh bash -c "\"$program\" \"\$MQ_TEST_PG\" \"$dir/postgres\" $threads $seconds"
