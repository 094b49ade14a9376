#!/usr/bin/env bash
# Install the Debian packages that building, running and testing need, where they are missing. Root or sudo.
set -euo pipefail
packages=(
    gcc g++ clang lld libclang-rt-14-dev make meson ninja-build pkg-config python3 git ca-certificates
    libsqlite3-dev libpq-dev libmicrohttpd-dev libjansson-dev libsodium-dev liboath-dev libssl-dev libcsv-dev
    libminizip-dev libexpat1-dev libxlsxwriter-dev libcmocka-dev libqrencode-dev libcurl4-openssl-dev zlib1g-dev
    brotli postgresql sqlite3 nodejs npm chromium-headless-shell fonts-noto-cjk libpango1.0-dev libcairo2-dev poppler-utils
    liblemon-dev bsdextrautils procps e2fsprogs mount
)
missing=()
for p in "${packages[@]}"; do
    case $p in
    nodejs) command -v node >/dev/null && continue ;;
    npm) command -v npm >/dev/null && continue ;;
    esac
    dpkg-query -W -f='${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq
# A cluster of the distribution is not wanted: tests start their own throw-away server.
"${sudo[@]}" mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
