#!/usr/bin/env bash
# The Debian package: builds, holds what it says, and its program serves the invented town.
set -uo pipefail
command -v dpkg-deb >/dev/null || { echo "skipped: this is not a Debian machine"; exit 77; }
[ "$WIJK_BIN" -ef build/release/wijk ] || { echo "skipped: packages are made of the release build"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }
. "$(dirname "$0")/common.sh"
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
scripts/deb >"$work/log" 2>&1 || fail "$(cat "$work/log")"
package=$(ls -t build/wijk_*.deb | head -1)
grep -q libsqlite3 <<<"$(dpkg-deb -f "$package" Depends)" || fail "the package does not say what it needs"
dpkg -x "$package" "$work/root"
for path in usr/bin/wijk usr/lib/systemd/system/wijk.service usr/share/man/man1/wijk.1.gz \
    usr/share/doc/wijk/copyright usr/share/doc/wijk/manual/nl/index.md \
    usr/share/doc/wijk/examples/wijk-cluster; do
    [ -s "$work/root/$path" ] || fail "$path is not in the package"
done
command -v systemd-analyze >/dev/null &&
    { systemd-analyze verify "$work/root/usr/lib/systemd/system/wijk.service" 2>&1 | grep -v 'not executable' | grep -i error && fail "the service is malformed"; }
WIJK_BIN=$work/root/usr/bin/wijk
town "$work" || fail "the packaged program does not serve"
curl -sf "$address/" >"$work/page" || fail "the packaged program does not answer: $(cat "$work/said")"
grep -q Merelwaard "$work/page" || fail "the packaged program serves something else"
echo "the package holds $(dpkg-deb -c "$package" | wc -l) paths and serves"
