#!/usr/bin/env bash
# The command line of the measures: the same numbers as text, CSV and JSON, and clear refusals.
set -euo pipefail
wijk=${WIJK_BIN:?}
work=$(mktemp -d "${WIJK_TMP:-/tmp}/measure.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

# Two schools, complete segregation: D = H = 1 by definition, whatever the program thinks.
printf 'school,a,b\nx,100,0\ny,0,100\n' >"$work/two.csv"
"$wijk" measure "$work/two.csv" --groups a,b --lang en >"$work/text"
grep -q '^2 areas, 2 groups, 200 people' "$work/text" || fail "the head of the text"
"$wijk" measure index "$work/two.csv" --groups a,b --csv >"$work/csv"
grep -q '^D,.*,1,' "$work/csv" || fail "D = 1 in the CSV"
"$wijk" measure "$work/two.csv" --groups a,b --table groups | grep -q '^a,0.5,1,1,1,1' || fail "--table groups"
"$wijk" measure "$work/two.csv" --groups a,b --json | python3 -c '
import json, sys
told = json.load(sys.stdin)
rows = {row["index"]: row for row in told["indices"]}
assert rows["D"]["value"] == 1 and rows["H"]["value"] == 1, rows
assert rows["G"]["chance"] is None
assert len(told["groups"]) == 2 and told["notes"]
' || fail "the JSON"

refuses() { # PATTERN ARGUMENTS...
    local pattern=$1 code=0
    shift
    "$wijk" "$@" --lang en >"$work/out" 2>"$work/err" || code=$?
    [ $code -eq 1 ] || fail "$*: exit $code"
    grep -q "$pattern" "$work/err" || fail "$*: $(cat "$work/err")"
}
refuses 'no table "nonsense"; there are: indices, groups' measure "$work/two.csv" --groups a,b --table nonsense
refuses 'Name a CSV' measure
refuses 'Cannot read' measure "$work/absent.csv" --groups a,b
"$wijk" measure --help | grep -q 'wijk measure index' || fail "the help names the measures"
echo "ok: text, CSV and JSON agree; four refusals"
