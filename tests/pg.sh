#!/usr/bin/env bash
# pg.sh COMMAND…: start a throw-away PostgreSQL, set MQ_TEST_PG, run COMMAND, stop and remove everything.
# The server listens on a unix socket in its own temporary directory only, so several can run at once.
# It forgets on a power cut (fsync=off): for tests. PG_DURABLE=1 keeps fsync on, for measurements.
set -euo pipefail
bin=$(pg_config --bindir 2>/dev/null || true)
[ -x "$bin/initdb" ] || bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
dir=$(mktemp -d "${TMPDIR:-/tmp}/mingqian-pg-XXXXXX")
as=()
if [ "$(id -u)" -eq 0 ]; then # the server refuses to run as root
    chown postgres "$dir"
    as=(runuser -u postgres --)
fi
chmod 755 "$dir"
stop() {
    (cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1) || true
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM
durable=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
[ -z "${PG_DURABLE:-}" ] || durable=()
(
    cd /
    "${as[@]}" "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/log" 2>&1
    "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/log" -w -t 60 -o "-c listen_addresses='' \
        -c unix_socket_directories='$dir' -c max_connections=200 -c max_locks_per_transaction=512 ${durable[*]}" \
        start >/dev/null
) || {
    cat "$dir/log" "$dir/data/log" >&2
    exit 1
}
export MQ_TEST_PG="postgresql://postgres@/postgres?host=$dir"
"$@"
