#!/usr/bin/env bash
# Browser tests: installs the test tools when they are absent (npm), then drives Chromium. Skips, and
# says why, where there is no browser or no npm.
set -uo pipefail
cd "$(dirname "$0")/../e2e" || exit 1
skip() {
    echo "skipped: $*"
    exit 77
}
command -v node >/dev/null || skip "node is not installed"
command -v npm >/dev/null || skip "npm is not installed"
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || skip "chromium is not installed"
if [ ! -d node_modules/playwright-core ] || [ ! -d node_modules/axe-core ]; then
    npm ci --silent --no-audit --no-fund || skip "npm could not install the test tools"
fi
exec node run.js "$@"
