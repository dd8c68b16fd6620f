#!/usr/bin/env bash
# wijk foresee run and merge on the invented town: parts made one are one run to the byte, doing
# nothing changes nothing, what it is not is said first, and no output has a household or an address.
set -euo pipefail
wijk=${WIJK_BIN:?}
. "$(dirname "$0")/common.sh"
work=$(mktemp -d "${WIJK_TMP:-/tmp}/foresee.XXXXXX")
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }

town "$work" || fail "the town was not made"
refused() { # SENTENCE COMMAND...: it fails and says why
    local why=$1
    shift
    if "$@" >"$work/out" 2>"$work/err"; then return 1; fi
    grep -q "$why" "$work/err"
}
run() { "$wijk" foresee run BU99010001 --years 2 --lang en "$@"; }

run --scenario both --replicates 1-4 --threads 1 --out "$work/all" --json >"$work/all.json"
run --scenario both --replicates 1-1 --threads 2 --out "$work/a" >/dev/null
"$wijk" foresee run BU99010001 --years 2 --scenario both --replicates 2-4 --threads 3 --lang nl \
    --out "$work/b" >"$work/nl"
"$wijk" foresee merge "$work/b" "$work/a" --lang en --out "$work/m" --json >"$work/m.json"
cmp "$work/all" "$work/m" || fail "merged parts differ from one run"
cmp "$work/all.json" "$work/m.json" || fail "merged parts say something else"
refused 'Replicate 1 is in two parts' "$wijk" foresee merge "$work/a" "$work/a" --lang en ||
    fail "a part that is there twice"
run --scenario both --replicates 5 --seed 2 --out "$work/other" >/dev/null
refused 'another seed' "$wijk" foresee merge "$work/a" "$work/other" --lang en ||
    fail "parts of other runs"
grep -q 'geen voorspelling' <(sed -n 1,5p "$work/nl") || fail "the warning in Dutch"
run --scenario do-nothing --replicates 3 >"$work/en"
grep -q 'no prediction' <(sed -n 1,5p "$work/en") || fail "the warning"
run --scenario do-nothing --replicates 3 --csv >"$work/nothing.csv"
python3 - "$work/nothing.csv" "$work/all.json" "$WIJK_FILE" <<'PY' || fail "the figures"
import csv, json, sqlite3, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert len(rows) > 300
for row in rows:
    assert all(row[k] in ("", "0") for k in row if k.startswith("difference")), row
told = json.load(open(sys.argv[2]))
known = {code for (code,) in sqlite3.connect(sys.argv[3]).execute("select code from area")}
for name, table in told.items():
    if not isinstance(table, list) or not table or not isinstance(table[0], dict):
        continue
    for row in table:  # every row is about a known area, a group, a purse, a price or a parameter
        assert row.get("code", "") in known | {""}, row
        for key in row:
            assert not any(word in key for word in ("address", "adres", "home_id", "household")), key
assert any("prediction" in head for head in told["notes"]), told["notes"]
PY
# What decides: from ten pairs on, in words that say so; in CSV alike in both languages. Whoever asks
# for the course gets no bare end of the hindsight range past what was tested.
refused 'can be told from 10 pairs on' "$wijk" foresee merge "$work/all" --lang en --csv --table decides ||
    fail "what decides, of four pairs"
run --scenario both --replicates 1-12 --out "$work/twelve" >"$work/twelve.txt"
for lang in nl en; do
    "$wijk" foresee merge "$work/twelve" --lang $lang --csv --table decides >"$work/decides.$lang"
done
cmp "$work/decides.nl" "$work/decides.en" || fail "what decides differs by language"
grep -qE ',(yes|no).?$' "$work/decides.en" || fail "yes or no of what decides"
grep -qE ' no *$' "$work/twelve.txt" && fail "an assumption that decides nothing is shown"
"$wijk" foresee run BU99010001 --scenario do-nothing --years 3 --replicates 2 --csv --table course >"$work/course.csv"
python3 - "$work/course.csv" <<'PY' || fail "the course past what was tested"
import csv, sys
beyond = 0
for row in csv.DictReader(open(sys.argv[1])):
    bare, at_least = row["hindsight_low"], row["hindsight_low_or_lower"]
    assert not (bare and at_least), row
    if bare:
        assert int(row["tested"]) >= 3, row
    elif at_least:
        beyond += 1
        assert int(row["tested"]) < 3 and row["hindsight_high_or_higher"], row
    assert int(row["spans_too_high"]) + int(row["spans_too_low"]) <= int(row["spans"]), row
assert beyond > 0
PY
# No count of people below ten leaves by any table of the command line, for people or for programs.
run --scenario mix-only --replicates 1-12 --out "$work/mix" --csv >"$work/mix.csv"
"$wijk" foresee merge "$work/mix" --lang en --json >"$work/mix.json"
"$wijk" foresee merge "$work/mix" --lang en >"$work/mix.txt"
python3 - "$work/mix.csv" "$work/mix.json" "$work/mix.txt" <<'PY' || fail "a count of few"
import csv, json, re, sys
people = {"households", "persons", "cases", "admissions", "lets", "reports", "events", "months",
          "visits"}
def safe(row):
    if row.get("unit", "households") not in people:
        return False
    for side in ("nothing", "scenario"):
        text = row.get(side)
        if text in (None, ""):
            continue
        assert float(text) >= 10 or float(row[side + "_high90"]) == 0, row
    return True
rows = [row for row in csv.DictReader(open(sys.argv[1])) if "outcome" in row]
told = json.load(open(sys.argv[2]))
seen = sum(safe(row) for row in rows)
for name in ("outcomes", "areas", "groups"):
    seen += sum(safe(row) for row in told[name])
assert seen > 500, seen
text = open(sys.argv[3]).read()
tables = [part for part in text.split("\n\n") if "had to leave" in part]
assert tables, text
for low, high in re.findall(r"\(([+−]?[0-9.]+) to ([+−]?[0-9.]+)\)", "".join(tables)):
    low, high = (float(x.replace("−", "-").replace(",", "")) for x in (low, high))
    assert low <= -10 or high >= 10 or low == high == 0, (low, high)
PY
# A place that only resembles what was typed is never computed.
refused 'Do you mean: .*GM9901' "$wijk" foresee run Merelward --scenario both --lang en || fail "a place that was not meant"
refused 'Do you mean' "$wijk" show Merelward --lang en --json || fail "a place that was not meant, shown"
refused 'give a number' run --scenario both --replicates 0 || fail "no replicates"
refused 'at most 10000' run --scenario both --replicates 3-1 || fail "a range that runs back"
refused 'at most 10000' run --scenario both --replicates 1-99999999999999999999 || fail "a huge range"
refused '\-\-seed -1: give a whole number from 0' run --scenario both --seed -1 || fail "a seed below zero"
refused '\-\-years 10x: give' "$wijk" foresee run --lang en --scenario both --years 10x || fail "a number with a tail"
refused 'from 0 to 64' "$wijk" foresee sensitivity --lang en --scenario both --threads 65 || fail "more threads than there may be"
refused 'from 0 to 64' "$wijk" foresee population --lang en --threads '' || fail "an empty number"
refused 'give a year' "$wijk" foresee population --lang en --year 24 || fail "a year of two digits"
# What cannot be together is refused at its line, before a population is made, and by the check alone.
printf 'wijk scenario 1\n\n2026-01 BU99010001 label_young 60\n2026-01 overal label_older 60\n' >"$work/p.scenario"
for said in 'en p.scenario:3: label_older 60 + label_young 60 = 120 percent' 'nl p.scenario:3: label_older 60 + label_young 60 = 120 procent'; do
    for command in "scenario p.scenario" "run BU99010001 --replicates 1 --scenario p.scenario"; do
        (cd "$work" && refused "${said#* }" "$wijk" foresee $command --lang "${said%% *}") || fail "$command: $(cat "$work/err")"
    done
done
"$wijk" foresee run BU99010001 --scenario krachtstroom --years 1 --replicates 1 --lang en >"$work/short"
grep -q 'after these years.*: 2. The first is of 2028-01 (line 16 of the scenario)' "$work/short" || fail "later lines are told"
# Killed, stopped, gone on with: the same command ends with the bytes of one run.
words=(BU99010001 --years 2 --lang en --scenario both --replicates 1-60 --threads 2 --seed 4)
long() { "$wijk" foresee run "${words[@]}" "$@"; }
long --out "$work/unbroken" --csv >"$work/unbroken.csv"
size() { stat -c %s "$1" 2>/dev/null || echo 0; }
whole=$(size "$work/unbroken")
broken() { # SIGNAL: the run is stopped by it after a pair of its own and before the last one
    local kept=$(size "$work/broken") job rc=0
    rm -f "$work/err" # what the last round said is not what this one says
    "$wijk" foresee run "${words[@]}" --out "$work/broken" >"$work/broken.csv" 2>"$work/err" &
    job=$!
    # Once a pair of its own is kept it is the program that gets the signal. A shell on its way to the
    # program would run the trap of this script at SIGTERM.
    while [ "$(size "$work/broken")" -le "$kept" ] && kill -0 $job 2>/dev/null; do sleep 0.01; done
    kill -s $1 $job 2>/dev/null || true
    wait $job || rc=$?
    [ "$(size "$work/broken")" -gt "$kept" ] || fail "nothing was kept at SIG$1: $(cat "$work/err")"
    [ $rc != 0 ] && [ "$(size "$work/broken")" -lt "$whole" ]
}
for signal in KILL TERM; do
    tries=0
    until broken $signal; do # the last pair came before the signal
        rm -f "$work/broken"
        tries=$((tries + 1))
        [ $tries -lt 50 ] || fail "SIG$signal stops nothing"
    done
done
grep -q 'the same command goes on from there' "$work/err" || fail "where it goes on: $(cat "$work/err")"
long --out "$work/broken" --csv >"$work/broken.csv"
cmp "$work/broken" "$work/unbroken" && cmp "$work/broken.csv" "$work/unbroken.csv" || fail "gone on with differs"
refused 'another run (another seed): keep this one under another name' run --scenario both --out "$work/broken" || fail "a part of another run"
cp "$work/broken" "$work/damaged" && printf x | dd of="$work/damaged" bs=1 seek=5000 conv=notrunc status=none
refused 'damaged or unfinished' long --out "$work/damaged" || fail "a damaged part"
refused 'no part of a run' long --out "$WIJK_FILE" || fail "another file would be overwritten"
refused 'Cannot write' long --out "$work/no/such/folder" || fail "a folder that is not there"
(ulimit -f 10 && refused 'File too large' long --out "$work/limited") || fail "a limit on files: $(cat "$work/err")"
[ -z "$(ls "$work"/limited* 2>/dev/null)" ] || fail "half a part was left"
# What it takes is said first, whatever it takes, and refused above what it may take.
long --out "$work/broken" --csv 2>"$work/err" >/dev/null
grep -q 'at most [0-9]* MB of memory' "$work/err" || fail "memory is told"
refused 'takes at most [0-9]* MB of memory and 1 MB is allowed (--memory)' run --scenario both --memory 1 || fail "a ceiling of memory"
refused 'there is no such table; choose outcomes' run --scenario both --table nope --csv || fail "an unknown table, before it runs"
# And it holds, of small runs too, for people and for programs.
for how in "--replicates 1" "--replicates 4 --years 10 --json" "--replicates 4 --csv --table areas"; do
    python3 - "$wijk" $how <<'PY' || fail "more memory than was told: $how"
import os, re, subprocess, sys
run = subprocess.Popen([sys.argv[1], "foresee", "run", "GM9901", "--scenario", "both", "--lang", "en", *sys.argv[2:]],
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
said = int(re.search(r"at most (\d+) MB of memory", run.stderr.read())[1])
took = os.wait4(run.pid, 0)[2].ru_maxrss / 1024
program = open(sys.argv[1], "rb").read()
shadowed = b"__asan_init" in program or b"__tsan_init" in program  # what a checker takes beside it
assert shadowed or took <= said, (took, said)
PY
done
# More than a page holds.
"$wijk" foresee run GM9901 --scenario both --replicates 1 --years 60 --csv --table areas | wc -c >"$work/size"
[ "$(cat "$work/size")" -gt 17000000 ] || fail "only $(cat "$work/size") bytes"
# Options: unknown, without a value, and what a place does not have.
for command in population levers scenario parameters rules run merge breakeven sensitivity backtest calibrate facts; do
    refused "There is no option --nonsense. There is: wijk foresee $command" "$wijk" foresee $command --nonsense --lang en || fail "$command: an unknown option"
done
refused 'After --replicates comes a value' run --scenario both --replicates || fail "an option without its value"
refused 'Achter --level hoort een waarde' "$wijk" foresee population --level --lang nl || fail "an option without its value, in Dutch"
refused 'no areas of the kind pc4 here' "$wijk" foresee population GM9901 --level pc4 --lang en || fail "a level that is not there"
refused 'Of 1999 no area is known' "$wijk" foresee population GM9901 --year 1999 --lang en || fail "a year without figures"
refused 'There is no test of utrecht: choose amsterdam' "$wijk" foresee backtest --town utrecht --lang en || fail "a back-test that is not there"
if [ -w /dev/full ]; then
    ("$wijk" foresee levers --lang en >/dev/full) 2>"$work/err" && fail "a full disk"
    grep -q 'could not be written' "$work/err" || fail "a full disk is told"
fi
refused 'makes no set' "$wijk" foresee calibrate GM9901 --check --out "$work/x" --lang en || fail "a check that keeps a set"
"$wijk" foresee calibrate GM9901 --check --points 1 --csv >"$work/check" || fail "the shipped set on another town"
[ "$(wc -l <"$work/check")" -eq 15 ] || fail "a row for every target, and one for all"
grep -Eq '^all,,*(0|100).?$' "$work/check" || fail "one point is plausible or is not"
refused 'no shipped policy' run --scenario no-such-thing || fail "no scenario"
refused 'Which policy' run --replicates 2 || fail "no policy"
echo "ok: parts are one run, nothing is nothing, no household is shown"
