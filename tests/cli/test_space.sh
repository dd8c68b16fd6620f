#!/usr/bin/env bash
# Measures over space and order from a plain CSV: values known by definition, and clear refusals.
set -euo pipefail
wijk=${WIJK_BIN:?}
. "$(dirname "$0")/common.sh"
work=$(mktemp -d "${WIJK_TMP:-/tmp}/space.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

# Two places a kilometre apart, one group each.
printf 'area,low,high,x,y,m2,next\nP,100,0,0,0,0,Q\nQ,0,100,1000,0,0,\n' >"$work/two.csv"
two=("$work/two.csv" --unit area --groups low,high)
"$wijk" measure scale "${two[@]}" --x x --y y --radii 500,2000 --kernel flat --json | python3 -c '
import json, sys
told = json.load(sys.stdin)
rows = told["scale"]
assert rows[0]["theil"] == 1 and abs(rows[1]["theil"]) < 1e-12, rows
assert abs(sum(row["part"] for row in told["split"]) - 1) < 1e-12, told["split"]
' || fail "scale"
"$wijk" measure scale "${two[@]}" --neighbours next --steps 1 --csv | tail -1 | tr -d "\r" |
    awk -F, '{ exit !($1 == 1 && $2 < 1e-12 && $5 == 200 && $6 == 2) }' || fail "steps, and a border named once"
"$wijk" measure nearest "${two[@]}" --x x --y y --people 50,150 --table meets --csv |
    has '^150,low,high,0.3333' || fail "the 150 nearest: 100 of the own group and 50 of the other"
"$wijk" measure proximity "${two[@]}" --x x --y y --decay 1000 --json | python3 -c '
import json, math, sys
told = json.load(sys.stdin)
meets = {(row["group"], row["meets"]): row["share"] for row in told["meets"]}
want = 1 / (1 + math.exp(-1))
assert abs(meets["low", "low"] - want) < 1e-12 and abs(meets["low", "low"] + meets["low", "high"] - 1) < 1e-12
rows = {row["index"]: row["value"] for row in told["proximity"]}
assert abs(rows["SP"] - 2 / (1 + math.exp(-1))) < 1e-12, rows
' || fail "proximity"
"$wijk" measure ordered "${two[@]}" --json | python3 -c '
import json, sys
told = json.load(sys.stdin)
rows = {row["index"]: row["value"] for row in told["ordered"]}
assert all(abs(rows[name] - 1) < 1e-12 for name in ("HO", "RO", "SO", "HR_fitted")), rows
assert told["cuts"] == [{"band": "low", "share": 0.5, "theil": 1}], told["cuts"]
' || fail "ordered"
"$wijk" measure local "${two[@]}" --csv | has '^Q,0.5,1,1,1,' || fail "local"

refuses() { # PATTERN ARGUMENTS...
    local pattern=$1 code=0
    shift
    "$wijk" "$@" --lang en >"$work/out" 2>"$work/err" || code=$?
    [ $code -eq 1 ] || fail "$*: exit $code"
    grep -q "$pattern" "$work/err" || fail "$*: $(cat "$work/err")"
}
refuses 'Name --x X --y Y' measure scale "${two[@]}"
refuses 'Name the columns with the place' measure nearest "${two[@]}"
refuses 'choose flat, biweight' measure scale "${two[@]}" --x x --y y --kernel round
refuses 'ascending' measure nearest "${two[@]}" --x x --y y --people 200,100
refuses 'decay must be above zero' measure proximity "${two[@]}" --x x --y y --decay 0
refuses 'choose 0 to' measure scale "${two[@]}" --neighbours next --steps 99
printf 'area,low,high,x,y\nP,1,2,,5\n' >"$work/nowhere.csv"
refuses 'Row 1 has no place' measure scale "$work/nowhere.csv" --groups low,high --x x --y y
echo "ok: five measures by definition, seven refusals"
