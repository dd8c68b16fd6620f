#!/usr/bin/env bash
# Change between two tables, and what rounding leaves open, on the command line.
set -euo pipefail
wijk=${WIJK_BIN:?}
. "$(dirname "$0")/common.sh"
work=$(mktemp -d "${WIJK_TMP:-/tmp}/change.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

printf 'area,a,b\nx,30,10\ny,10,30\nz,20,20\n' >"$work/before.csv"
printf 'area,b,a\ny,40,10\nx,10,40\nw,20,20\n' >"$work/after.csv" # columns and rows otherwise
"$wijk" measure change "$work/before.csv" "$work/after.csv" --unit area --groups a,b --json >"$work/json"
python3 - "$work/json" <<'END' || fail "the parts"
import json, sys
parts = {row["part"]: row["value"] for row in json.load(open(sys.argv[1]))["parts"] if row["index"] == "M"}
total = sum(value for part, value in parts.items() if part != "after")
assert abs(total - parts["after"]) < 1e-12, parts
assert abs(parts["groups"]) < 1e-9 and abs(parts["units"]) < 1e-9 and parts["structure"] > 0.01, parts
assert parts["additions"] < 0 < parts["removals"], parts  # w dilutes, z did
END
printf 'from,to,share\nx,x,1\ny,y,1\nz,x,0.5\nz,w,0.5\n' >"$work/links.csv"
"$wijk" measure change "$work/before.csv" "$work/after.csv" --unit area --groups a,b --lang en \
    --links "$work/links.csv" >"$work/text"
grep -q '1 areas of before were divided' "$work/text" || fail "the word on split areas"
"$wijk" measure change "$work/before.csv" "$work/after.csv" --unit area --groups a,b \
    --links "$work/links.csv" --csv | has '^M,border,' || fail "the border part"

printf 'area,a,b,all\nx,60,40,105\ny,20,80,235\nz,.,.,25\nw,5,95,405\n' >"$work/percent.csv"
"$wijk" measure rounded "$work/percent.csv" --groups a,b --total all --percent --clamp 5,95 --json >"$work/json"
python3 - "$work/json" <<'END' || fail "the ranges"
import json, sys
told = json.load(open(sys.argv[1]))
for row in told["indices"]:
    assert row["low"] < row["corrected"] < row["high"], row
assert len(told["groups"]) == 10 and len(told["notes"]) == 3, told
END
"$wijk" measure rounded "$work/percent.csv" --groups a --total all --percent --rest --lang en |
    has 'others' || fail "the rest"

refuses() { # PATTERN ARGUMENTS...
    local pattern=$1 code=0
    shift
    "$wijk" "$@" --lang en >"$work/out" 2>"$work/err" || code=$?
    [ $code -eq 1 ] || fail "$*: exit $code"
    grep -q "$pattern" "$work/err" || fail "$*: $(cat "$work/err")"
}
refuses 'Name two files' measure change "$work/before.csv" --unit area --groups a,b
refuses 'has no column "all"' measure rounded "$work/before.csv" --groups a,b --total all
refuses 'Name the column with the total' measure rounded "$work/percent.csv" --groups a,b --percent
refuses 'far from adding up' measure rounded "$work/percent.csv" --groups a --total all --percent
refuses 'is not in the table' measure change "$work/before.csv" "$work/before.csv" --unit area --groups a,b --links "$work/links.csv"
echo "ok: parts add up over borders too, ranges hold, five refusals"
