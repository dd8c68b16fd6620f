#!/usr/bin/env bash
# wijk measure chance: ranges, chance and differences on the command line, the same on every run.
set -euo pipefail
wijk=${WIJK_BIN:?}
. "$(dirname "$0")/common.sh"
work=$(mktemp -d "${WIJK_TMP:-/tmp}/chance.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

# A grid of 6 x 6: the west has more of a, the east more of b; the long table has them in other order.
python3 - "$work" <<'PY'
import sys
wide = open(sys.argv[1] + "/wide.csv", "w")
long = open(sys.argv[1] + "/long.csv", "w")
wide.write("area,a,b,x,y\n")
long.write("area,group,n\n")
for i in range(36):
    a, b = 60 - 8 * (i % 6), 20 + 8 * (i % 6)
    wide.write(f"{i},{a},{b},{i % 6 * 500},{i // 6 * 500}\n")
    long.write(f"{i},b,{b}\n{i},a,{a}\n")
PY
ask() { "$wijk" measure chance "$@" --draws 199 --lang en; }
ask "$work/wide.csv" --groups a,b --x x --y y --radii 600,1500 --json >"$work/json"
python3 - "$work/json" <<'PY' || fail "the JSON"
import json, sys
told = json.load(open(sys.argv[1]))
for row in told["indices"]:
    assert row["low"] < row["corrected"] < row["high"] <= row["value"] * 1.5, row
    assert row["chance_low"] < row["chance"] < row["chance_high"] < row["value"], row
    assert row["p"] == 1 / 200, row
assert [row["radius"] for row in told["scale"]] == [600, 1500] * 3
for row in told["scale"]:
    assert row["low"] < row["corrected"] < row["high"], row
    assert row["places_high"] < row["value"] or row["radius"] < 500, row
for row in told["scale_p"]:
    assert row["p_people"] == 1 / 200 and row["p_places"] == 1 / 200, row
PY
ask "$work/wide.csv" --groups a,b --x x --y y --radii 600,1500 --json | cmp -s - "$work/json" || fail "another run differs"
ask "$work/wide.csv" --groups a,b --seed 2 --csv | cmp -s - <(ask "$work/wide.csv" --groups a,b --csv) && fail "the seed does nothing"
# The same table in long form, groups in other order: no difference, and p says so.
ask "$work/long.csv" "$work/long.csv" --unit area --group group --count n --table difference |
    awk -F, 'NR > 1 && ($2 != 0 || $6 < 0.3) { bad = 1 } END { exit bad || NR != 4 }' || fail "a table against itself"
ask "$work/wide.csv" --groups a,b --by areas | has 'of which these are a sample' || fail "the note on areas"

refuses() { # PATTERN ARGUMENTS...
    local pattern=$1 code=0
    shift
    "$wijk" measure chance "$work/wide.csv" --groups a,b "$@" --lang en >"$work/out" 2>"$work/err" || code=$?
    [ $code -eq 1 ] || fail "$*: exit $code"
    grep -q "$pattern" "$work/err" || fail "$*: $(cat "$work/err")"
}
refuses 'choose people or areas' --by houses
refuses 'goes up to 100000' --draws 1000000
refuses 'between 0 and 1' --level 100
refuses 'two or more' --draws 1
echo "ok: ranges, chance and differences, the same on every run; four refusals"
