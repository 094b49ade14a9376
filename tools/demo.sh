#!/usr/bin/env bash
# demo.sh BUILD: a demo city in ./demo-data: the whole main job, then the portal until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
data=${MINGQIAN_DEMO_DIR:-demo-data}
listen=${MINGQIAN_DEMO_LISTEN:-127.0.0.1:8080}
[ ! -e "$data/mingqian.toml" ] || { echo "$data exists already: serving it (remove it for a new city)"; exec "$build/mingqian" serve --dir "$data" --listen "$listen"; }
"$build/mingqian" init "$data" --demo --name '信阳市(模拟)双随机办公室'
exec "$build/mingqian" serve --dir "$data" --listen "$listen"
