#!/usr/bin/env bash
# wijk evaluate on a panel in which one area rises by 5 and the rest by chance.
set -euo pipefail
wijk=${WIJK_BIN:?}
. "$(dirname "$0")/common.sh"
work=$(mktemp -d "${WIJK_TMP:-/tmp}/evaluate.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

awk 'BEGIN { print "area,year,score,begin,people"
    for (i = 0; i < 60; i++) for (t = 0; t < 6; t++) {
        x = (i * 7919 + t * 104729 + i * t * 31) % 1000 / 1000
        print "A" i "," 2010 + 2 * t "," x + (i == 7 && t > 3 ? 5 : 0) "," (i == 7 ? 2018 : "") ",1000" } }' >"$work/panel.csv"
panel=("$work/panel.csv" --unit area --time year --outcome score --start begin --size people)

"$wijk" evaluate "${panel[@]}" --matters 0.5 --lang en >"$work/text"
head -1 "$work/text" | has '^Better\. The one area' || fail "$(head -1 "$work/text")"
"$wijk" evaluate "${panel[@]}" --matters 0.5 --lower --csv | has '^worse,' || fail "--lower turns it round"
for method in did synthetic ridge sdid group-time matching "matching --neighbours 2 --caliper 3 --uncorrected"; do
    # shellcheck disable=SC2086
    "$wijk" evaluate "${panel[@]}" --method $method --json |
        python3 -c 'import json, sys; t = json.load(sys.stdin); rows = next(iter(t.values()))
e = [r["value"] for r in rows if r["code"] in ("effect", "simple")][0]; assert 4 < e < 6, e' || fail "$method"
done

# Doubly robust group-time effects beside a covariate, and what the estimator cannot mind.
awk 'BEGIN { print "area,year,score,begin,rent"
    for (i = 0; i < 80; i++) for (t = 0; t < 4; t++) {
        x = (i * 7919 + t * 104729 + i * t * 31) % 1000 / 1000; r = i * 37 % 80 / 80
        p = i % 3 == 0
        print "A" i "," 2010 + 2 * t "," x + 3 * r * t + (p && t > 1 ? 5 : 0) "," (p ? 2014 : "") "," r } }' >"$work/rents.csv"
rents=("$work/rents.csv" --unit area --time year --outcome score --start begin --covariates rent)
for method in did "group-time --adjust both" "group-time --adjust regression" "group-time --adjust weighting"; do
    # shellcheck disable=SC2086
    "$wijk" evaluate "${rents[@]}" --method $method --json |
        python3 -c 'import json, sys; t = json.load(sys.stdin); rows = next(iter(t.values()))
e = [r["value"] for r in rows if r["code"] in ("effect", "simple")][0]; assert 4.7 < e < 5.3, e' || fail "$method with a covariate"
done

# Every estimator beside the others; only the verdict is offered.
"$wijk" evaluate "${panel[@]}" --matters 0.5 --method all --csv --lang en >"$work/all"
[ "$(wc -l <"$work/all")" -eq 11 ] || fail "$(cat "$work/all")"
[ "$(grep -c ',yes' "$work/all")" -eq 1 ] && grep -q '^verdict,.*,yes' "$work/all" || fail "$(cat "$work/all")"

# Two outcomes, two areas, and a column that says who touches them: the effect is in the first only,
# and what was gained there was lost next door.
awk 'BEGIN { print "area,year,score,other,begin,people,near"
    srand(7)
    for (i = 0; i < 90; i++) for (t = 0; t < 6; t++) {
        hit = i < 2 && t > 3; next_door = i > 1 && i < 6
        print "A" i "," 2010 + 2 * t "," rand() + (hit ? 3 : 0) - (next_door && t > 3 ? 2 : 0) "," rand() "," (i < 2 ? 2018 : "") ",1000," next_door } }' >"$work/two.csv"
two=("$work/two.csv" --unit area --time year --start begin --size people --touches near)
"$wijk" evaluate "${two[@]}" --outcome score,other --matters 0.5,0.4 --json >"$work/json"
python3 - "$work/json" <<'PY' || fail "two outcomes: $(cat "$work/json")"
import json, sys
rows = json.load(open(sys.argv[1]))["verdicts"]
assert [r["outcome"] for r in rows] == ["score", "other"]
assert rows[0]["verdict"] == "better" and rows[1]["verdict"] != "better"
assert all(r["p_joint"] >= r["p"] > 0 for r in rows)
PY
"$wijk" evaluate "${two[@]}" --outcome score,other --method did --csv | has '^other,' || fail "two outcomes by did"
"$wijk" evaluate "${two[@]}" --outcome score --matters 0.5 --ring model --lang en >"$work/ring"
grep -q 'The neighbours came out' "$work/ring" || fail "$(cat "$work/ring")"
"$wijk" evaluate "${two[@]}" --outcome score --matters 0.5 --ring model --table ring --csv |
    grep '^effect,' | awk -F, '{ exit !($3 + 0 < -1.5 && $3 + 0 > -2.5) }' || fail "the effect on the ring"

# Simulated worlds: the worst fool before-and-after.
"$wijk" evaluate simulate --treated 5 --runs 8 --csv 2>/dev/null >"$work/grid"
awk -F, '$6 == "before_after" && $10 + 0 > 0.4 { a = 1 } $6 == "verdict" && $10 + 0 < 0.2 && $11 + 0 > 0.8 { v = 1 } END { exit !(a && v) }' "$work/grid" ||
    fail "$(cat "$work/grid")"

refuses() {
    local pattern=$1 code=0
    shift
    "$wijk" evaluate "$@" --lang en >"$work/out" 2>"$work/err" || code=$?
    [ $code -eq 1 ] || fail "$*: exit $code"
    grep -q "$pattern" "$work/err" || fail "$*: $(cat "$work/err")"
}
refuses 'how large a difference must be' "${panel[@]}"
refuses 'no --method magic' "${panel[@]}" --method magic
refuses 'no wave in 2013' "${panel[@]}" --matters 1 --selected 2013
refuses 'no wave in "2013"' "${panel[@]}" --matters 1 --drop 2013
refuses 'Name a CSV' --matters 1
refuses 'no --ring magic' "${panel[@]}" --matters 1 --ring magic
refuses 'Who touches whom is not known' "${panel[@]}" --matters 1 --ring model
refuses '2 numbers for 1 outcomes' "${panel[@]}" --matters 1,2
refuses 'no column "third"' "${two[@]}" --outcome score,third --matters 1
refuses 'is about one outcome' "${two[@]}" --outcome score,other --matters 1 --method all
refuses '\-\-caliper above 0' "${panel[@]}" --method matching --caliper -1
refuses 'from 0 to below 1' simulate --treated 2 --lasting 1 --runs 1
refuses 'synthetic does not mind covariates' "${rents[@]}" --method synthetic
refuses 'no --adjust magic' "${rents[@]}" --method group-time --adjust magic
refuses 'no column "colour"' "$work/rents.csv" --unit area --time year --outcome score --start begin --covariates rent,colour
refuses 'no column "nothing"' "$work/panel.csv" --unit nothing --time year --outcome score --start begin
echo "ok: every method finds a planted effect, outcomes are corrected, the ring is told, worlds are simulated, and sixteen refusals"
