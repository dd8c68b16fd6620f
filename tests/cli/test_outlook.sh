#!/usr/bin/env bash
# The outlook on the command line: a file without waves is refused, a new wave adds a step to the
# score card, text, CSV and JSON hold the same, and an area is answered one at a time.
set -euo pipefail
wijk=${WIJK_BIN:?}
work=$(mktemp -d "${WIJK_TMP:-/tmp}/outlook.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }
file=$work/country.wijk

# 300 postcodes that do not exist, in the layout of the Leefbaarometer, with waves 2012 … 2018.
waves() { # FIRST LAST
    python3 - "$1" "$2" <<'PY'
import random, sys
print("PC4,jaar,lbm,afw,fys,onv,soc,vrz,won")
for pc4 in range(2000, 2300):
    chance = random.Random(pc4)
    level = 4.1 + chance.gauss(0, 0.1)
    for year in range(2012, 2022, 2):
        score = level + chance.gauss(0, 0.03)
        if int(sys.argv[1]) <= year <= int(sys.argv[2]):
            print(f"{pc4},{year},{score:.9f},{score - 4.102265:.9f},NA,NA,NA,NA,NA")
PY
}
waves 2012 2018 >"$work/lbm3_pc4_2012_2018.csv"
waves 2020 2020 >"$work/lbm3_pc4_2020.csv"

"$wijk" init "$file" >"$work/out"
if "$wijk" measure backtest --file "$file" --lang en 2>"$work/err"; then fail "an empty file was judged"; fi
grep -q 'wijk load' "$work/err" || fail "what to do: $(cat "$work/err")"

"$wijk" load --file "$file" "$work/lbm3_pc4_2012_2018.csv" >"$work/out"
"$wijk" measure backtest --file "$file" --table steps >"$work/before"
[ "$(wc -l <"$work/before")" -eq 3 ] || fail "two steps: $(cat "$work/before")"
"$wijk" load --file "$file" "$work/lbm3_pc4_2020.csv" >"$work/out"
"$wijk" measure backtest --file "$file" --table steps >"$work/after"
[ "$(wc -l <"$work/after")" -eq 4 ] || fail "three steps: $(cat "$work/after")"
head -3 "$work/after" | cmp - "$work/before" || fail "a new wave changed what was judged before"

"$wijk" measure backtest --file "$file" --lang en >"$work/text"
grep -q '^300 areas, 5 measurements: 2012, 2014, 2016, 2018, 2020' "$work/text" || fail "the head"
grep -q 'Constant band' "$work/text" || fail "the dumb forecasts stand beside"
"$wijk" measure backtest --file "$file" --json >"$work/json"
"$wijk" measure backtest --file "$file" --table scores >"$work/scores"
"$wijk" measure outlook 2001 --file "$file" --json >"$work/one"
python3 - "$work" <<'PY' || fail "JSON and CSV disagree"
import csv, json, sys
told = json.load(open(sys.argv[1] + "/json"))
rows = list(csv.DictReader(open(sys.argv[1] + "/scores")))
assert len(rows) == len(told["scores"]) > 300
for a, b in zip(rows, told["scores"]):
    assert a["slice"] == b["slice"] and (float(a["mae"]) == b["mae"] if a["mae"] else b["mae"] is None)
    assert b["ap"] is None or b["drops"] >= 20, b
one = json.load(open(sys.argv[1] + "/one"))
assert len(one["outlook"]) == 1 and one["outlook"][0]["chance_of_drop"] is None  # nobody counted there
size = [r for r in told["scores"] if r["step"] == "2018-2020" and r["chosen"] and r["slice"] == "under_500"][0]
of_size = [f"{size[k]:.4f}".replace(".", ",") for k in ("mae", "mae_no_change")]
assert any(f"van deze grootte was dat {of_size[0]} en {of_size[1]}." in n for n in one["notes"]), one["notes"]
row = one["outlook"][0]
assert row["q05"] < row["q25"] < row["q50"] < row["q75"] < row["q95"]
PY
if "$wijk" measure outlook --file "$file" --lang en 2>"$work/err"; then fail "no area was asked for"; fi
grep -q 'Which area' "$work/err" || fail "$(cat "$work/err")"
echo "ok: a new wave is judged, nothing before it changes, one area at a time"
