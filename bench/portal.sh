#!/usr/bin/env bash
# portal.sh BUILD: one enterprise's page under 200 connections, beside nginx serving the same bytes from a file.
# Prints "portal NAME VALUE UNIT" lines. Needs wrk and nginx (Debian); says so and ends with 0 when they are missing.
set -euo pipefail
build=$(cd "${1:-build}" && pwd)
cd "$(dirname "$0")/.."
for tool in wrk nginx; do
    command -v "$tool" >/dev/null || { echo "portal skipped: $tool is not installed"; exit 0; }
done
work=$(mktemp -d)
chmod 755 "$work" # nginx drops its rights
pids=()
stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
code=$(python3 tests/http/fixture.py "$build/mingqian" "$work/city" | python3 -c 'import json,sys; print(json.load(sys.stdin)["drawn"][0])')
MINGQIAN_NOW=1779242400 "$build/mingqian" serve --dir "$work/city" --listen 127.0.0.1:0 --quiet --json >"$work/address" &
pids+=($!)
while [ ! -s "$work/address" ]; do sleep 0.1; done
ours=$(python3 -c 'import json,sys; print(json.load(sys.stdin)["address"])' <"$work/address")targets/$code/
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p "$work/www" "$work/logs"
curl -s "$ours" >"$work/www/page.html"
cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log $work/logs/error.log; worker_processes 2;
events { worker_connections 1024; }
http { access_log off; types { text/html html; } client_body_temp_path $work/t1; proxy_temp_path $work/t2;
  fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$port; root $work/www; } }
CONF
nginx -c "$work/nginx.conf" -p "$work" 2>/dev/null &
pids+=($!)
sleep 1
# run NAME URL: requests a second and the 99th percentile in milliseconds.
run() {
    wrk -t2 -c200 -d"${SECONDS_EACH:-6}s" --latency "$2" >"$work/out"
    awk -v name="$1" '/Requests\/sec/ { print "portal " name "_rate", $2, "1/s" }
        / 99%/ { v = $2; u = v; gsub(/[a-z]/, "", v); if (u ~ /us$/) v /= 1000; else if (u ~ /[0-9]s$/) v *= 1000
                 print "portal " name "_p99", v, "ms" }
        /Non-2xx/ { print "portal " name "_errors", $NF, "1" }' "$work/out"
}
echo "portal page $(stat -c %s "$work/www/page.html") bytes"
run ours "$ours" | tee "$work/ours"
run nginx "http://127.0.0.1:$port/page.html" | tee "$work/nginx"
awk '/_rate/ { r[$2] = $3 } END { printf "portal ratio %.2f ours/nginx\n", r["ours_rate"] / r["nginx_rate"] }' "$work/ours" "$work/nginx"
