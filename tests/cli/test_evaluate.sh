#!/usr/bin/env bash
# wijk evaluate on a panel in which one area rises by 5 and the rest by chance.
set -euo pipefail
wijk=${WIJK_BIN:?}
work=$(mktemp -d "${WIJK_TMP:-/tmp}/evaluate.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

awk 'BEGIN { print "area,year,score,begin,people"
    for (i = 0; i < 60; i++) for (t = 0; t < 6; t++) {
        x = (i * 7919 + t * 104729 + i * t * 31) % 1000 / 1000
        print "A" i "," 2010 + 2 * t "," x + (i == 7 && t > 3 ? 5 : 0) "," (i == 7 ? 2018 : "") ",1000" } }' >"$work/panel.csv"
panel=("$work/panel.csv" --unit area --time year --outcome score --start begin --size people)

"$wijk" evaluate "${panel[@]}" --matters 0.5 --lang en >"$work/text"
head -1 "$work/text" | grep -q '^Better\. The one area' || fail "$(head -1 "$work/text")"
"$wijk" evaluate "${panel[@]}" --matters 0.5 --lower --csv | grep -q '^worse,' || fail "--lower turns it round"
for method in did synthetic ridge sdid group-time; do
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
refuses 'synthetic does not mind covariates' "${rents[@]}" --method synthetic
refuses 'no --adjust magic' "${rents[@]}" --method group-time --adjust magic
refuses 'no column "colour"' "$work/rents.csv" --unit area --time year --outcome score --start begin --covariates rent,colour
refuses 'no column "nothing"' "$work/panel.csv" --unit nothing --time year --outcome score --start begin
echo "ok: a planted effect is found by every method, also beside a covariate, and nine refusals"
