#!/usr/bin/env bash
# The command line of the measures: the same numbers as text, CSV and JSON, and clear refusals.
set -euo pipefail
wijk=${WIJK_BIN:?}
. "$(dirname "$0")/common.sh"
work=$(mktemp -d "${WIJK_TMP:-/tmp}/measure.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

# Two schools, complete segregation: D = H = 1 by definition, whatever the program thinks.
printf 'school,a,b\nx,100,0\ny,0,100\n' >"$work/two.csv"
"$wijk" measure "$work/two.csv" --groups a,b --lang en >"$work/text"
grep -q '^2 areas, 2 groups, 200 people' "$work/text" || fail "the head of the text"
"$wijk" measure index "$work/two.csv" --groups a,b --csv >"$work/csv"
grep -q '^D,.*,1,' "$work/csv" || fail "D = 1 in the CSV"
"$wijk" measure "$work/two.csv" --groups a,b --table groups | has '^a,0.5,1,1,1,1' || fail "--table groups"
"$wijk" measure "$work/two.csv" --groups a,b --json | python3 -c '
import json, sys
told = json.load(sys.stdin)
rows = {row["index"]: row for row in told["indices"]}
assert rows["D"]["value"] == 1 and rows["H"]["value"] == 1, rows
assert rows["G"]["chance"] is None
assert len(told["groups"]) == 2 and told["notes"]
' || fail "the JSON"

# Who meets whom, and Atkinson with another b: by the formula, in another language.
printf 'area,a,b\nx,30,10\ny,10,50\n' >"$work/meet.csv"
"$wijk" measure "$work/meet.csv" --groups a,b --atkinson 0.25 --json >"$work/meet.json"
"$wijk" measure "$work/meet.csv" --groups a,b --lang en --atkinson 0.25 | has 'Atkinson 0.25' || fail "b in the column"
python3 - "$work/meet.json" <<'PY' || fail "exposure or Atkinson"
import json, sys
told = json.load(open(sys.argv[1]))
met = {(r["group"], r["other"]): r for r in told["exposure"]}
assert len(met) == 2
assert abs(met["a", "b"]["exposure"] - (30/40 * 10/40 + 10/40 * 50/60)) < 1e-14
assert abs(met["b", "a"]["exposure"] - (10/60 * 30/40 + 50/60 * 10/60)) < 1e-14
assert met["a", "b"]["share"] == 0.6
b, P, T = 0.25, 0.4, 100
inner = sum((1 - a / (a + o)) ** (1 - b) * (a / (a + o)) ** b * (a + o) / (P * T) for a, o in ((30, 10), (10, 50)))
want = 1 - P / (1 - P) * inner ** (1 / (1 - b))
assert abs(told["groups"][0]["atkinson"] - want) < 1e-12, (told["groups"][0], want)
PY
# Fractions of people are rounded before they are dealt out, and that is said.
printf 'area,a,b\nx,30.5,10\ny,10,50\n' >"$work/parts.csv"
"$wijk" measure chance "$work/parts.csv" --groups a,b --draws 9 --lang en | has 'they were rounded' || fail "rounding is said"
"$wijk" measure chance "$work/meet.csv" --groups a,b --draws 9 --lang en | has 'they were rounded' && fail "nothing was rounded"

refuses() { # PATTERN ARGUMENTS...
    local pattern=$1 code=0
    shift
    "$wijk" "$@" --lang en >"$work/out" 2>"$work/err" || code=$?
    [ $code -eq 1 ] || fail "$*: exit $code"
    grep -q "$pattern" "$work/err" || fail "$*: $(cat "$work/err")"
}
refuses 'no table "nonsense"; there are: indices, groups, exposure' measure "$work/two.csv" --groups a,b --table nonsense
refuses 'Name a CSV' measure
refuses 'b lies between 0 and 1' measure "$work/two.csv" --groups a,b --atkinson 1
refuses 'b lies between 0 and 1' measure "$work/two.csv" --groups a,b --atkinson 0
refuses 'at most 1 numbers' measure "$work/two.csv" --groups a,b --atkinson half
refuses 'Cannot read' measure "$work/absent.csv" --groups a,b
"$wijk" measure --help | has 'wijk measure index' || fail "the help names the measures"
echo "ok: text, CSV and JSON agree; seven refusals"
