#!/usr/bin/env bash
# The examples of the manual work as printed: each Python and R block of api.md runs against a server
# on the invented town and prints its population through the years.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export WIJK_BIN=${WIJK_BIN:-build/release/wijk}
work=$(mktemp -d "${WIJK_TMP:-/tmp}/wijk-api-XXXXXX")
trap 'kill "${server:-}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
. tests/cli/common.sh
town "$work" || exit 1
passed=0 failed=0 skipped=0
block() { # LANGUAGE FILE: the fenced block, with the address of this server
    awk -v fence="\`\`\`$1" '$0 == fence {on = 1; next} /^```/ {on = 0} on' "$2" |
        sed "s#http://127.0.0.1:8080#$address#"
}
check() { # NAME COMMAND...
    local name=$1 out
    shift
    if out=$("$@" 2>&1) && grep -qE '20[0-9]{2}.*[0-9]{4,}' <<<"$out"; then
        echo "ok      $name"
        passed=$((passed + 1))
    else
        echo "FAILED  $name: $out"
        failed=$((failed + 1))
    fi
}
for lang in nl en; do
    page=docs/manual/$lang/api.md
    block python "$page" >"$work/example.py"
    block r "$page" >"$work/example.R"
    [ -s "$work/example.py" ] && [ -s "$work/example.R" ] || { echo "$page has no examples"; exit 1; }
    check "python, $page" python3 "$work/example.py"
    if command -v Rscript >/dev/null && Rscript -e 'library(jsonlite)' >/dev/null 2>&1; then
        check "R, $page" Rscript "$work/example.R"
    else
        echo "skipped R, $page: R with jsonlite is not installed"
        skipped=$((skipped + 1))
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
