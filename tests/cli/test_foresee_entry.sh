#!/usr/bin/env bash
# What somebody meets before a run: help that explains each option with an example, a language that is
# not there, a policy that is not there, all mistakes of a policy at once, and places with hardly
# anybody. On the invented town.
set -euo pipefail
wijk=${WIJK_BIN:?}
. "$(dirname "$0")/common.sh"
work=$(mktemp -d "${WIJK_TMP:-/tmp}/entry.XXXXXX")
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
fail() { echo "not ok: $*" >&2; exit 1; }
refused() { # CODE SENTENCE COMMAND...
    local code=$1 why=$2 rc=0
    shift 2
    "$@" >"$work/out" 2>"$work/err" || rc=$?
    [ "$rc" = "$code" ] || fail "$* gave $rc: $(cat "$work/err")"
    grep -q -- "$why" "$work/err" || fail "$*: $(cat "$work/err")"
}

# ---- help ----
subcommands=$("$wijk" help foresee --lang en | grep -oE '^  wijk foresee [a-z]+' | awk '{ print $3 }')
[ "$(wc -w <<<"$subcommands")" -ge 12 ] || fail "subcommands: $subcommands"
for lang in nl en; do
    for sub in $subcommands; do
        "$wijk" help foresee "$sub" --lang $lang >"$work/help"
        usage=$(sed -n '/^  wijk foresee/,/^ \{6\}[^ ]/p' "$work/help" | grep -E '^(  wijk|        )')
        for option in $(grep -oE -- '--[a-z-]+' <<<"$usage" | sort -u); do
            grep -qE -- "^  $option +[A-Z]" "$work/help" || fail "help $lang $sub does not explain $option"
        done
        grep -q "^  wijk foresee $sub\( \|$\)" <(tail -4 "$work/help") || fail "help $lang $sub has no example"
        python3 - "$work/help" <<'PY' || fail "help $lang $sub is too wide"
import sys
assert all(len(line.rstrip("\n")) <= 100 for line in open(sys.argv[1], encoding="utf-8"))
PY
        "$wijk" foresee "$sub" --help --lang $lang | cmp - "$work/help" || fail "$sub --help is not its help"
    done
done
"$wijk" help foresee run --lang en >"$work/run.en"
grep -q 'How many pairs' "$work/run.en" || fail "English help"
grep -q 'Hoeveel paren' "$work/run.en" && fail "two languages in one help"
"$wijk" help measure | has 'wijk measure' || fail "help of another command"
refused 1 'there is no command "nonsense"' "$wijk" help nonsense --lang en
refused 1 'geen opdracht "nonsense"' "$wijk" help foresee nonsense

# ---- languages ----
refused 2 'de taal "de" is er niet' "$wijk" help --lang de
refused 2 'de taal "Dutch" is er niet' "$wijk" foresee levers --lang=Dutch
[ "$(wc -l <"$work/err")" = 1 ] || fail "more than one sentence"
WIJK_LANG=fr refused 2 'kies nl of en (choose nl or en)' "$wijk" info
WIJK_LANG=en "$wijk" foresee levers | has 'Levers' || fail "the language of the environment"

# ---- a policy that is not there, or not right ----
for lang in nl en; do
    refused 1 'both, .*support-only' "$wijk" foresee run Merelwaard --scenario debt --lang $lang
    grep -q 'No such file' "$work/err" && fail "two languages in one sentence"
    refused 1 'both, .*support-only' "$wijk" foresee breakeven Merelwaard --lang $lang
done
town "$work" || fail "the town was not made"
served_no_more
cat >"$work/p.scenario" <<'TEXT'
wijk scenario 1
titel nl Proef
begin 2026-01
jaren 10
2026-01 Merelmrkt wijkteam +1
2025-01 hier wijkteam 2
2026-01 hier schuldhulp +1
2026-02 hier sociaal_beheer 300
TEXT
cd "$work"
refused 1 'p.scenario:5: hier is geen gebied "Merelmrkt"; bedoelt u "Merelmarkt en omgeving" (BU99010001)' \
    "$wijk" foresee run BU99010001 --scenario p.scenario --replicates 1
for said in '4 regels kloppen niet' ':6: 2025-01 (wijkteam) valt buiten' \
    ':7: .*bedoelt u vroegsignalering of schuldhulpteam' \
    ':8: sociaal_beheer 300: kan niet; kies 0 tot 20 fte per 1.000 sociale huurwoningen'; do
    grep -q "$said" err || fail "told at once: $said, in $(cat err)"
done
refused 1 ':8: sociaal_beheer 300: cannot be; choose 0 to 20 fte per 1000 social homes' \
    "$wijk" foresee scenario p.scenario --lang en
grep -q 'regel\|kies' err && fail "two languages in one message"
for command in breakeven sensitivity; do
    refused 1 '4 regels kloppen niet' "$wijk" foresee $command BU99010001 --scenario p.scenario
done
printf 'wijk scenario 1\nbegin 2026-01\njaren 1\n2026-01 hier sociaal_beheer +1 fte per 1.000\n' >good.scenario
"$wijk" foresee scenario good.scenario | has '^2026-01 hier social_management +1 fte per 1000 social homes$' ||
    fail "written back in the words of the file"
"$wijk" foresee run BU99010001 --scenario good.scenario --replicates 1 >/dev/null || fail "a policy in Dutch"

# ---- a place with hardly anybody ----
python3 - "$WIJK_FILE" <<'PY'
import sqlite3, sys
file = sqlite3.connect(sys.argv[1])
file.execute("delete from layer_value where area_id in (select id from area where code='BU99010802')")
file.commit()
PY
for command in run breakeven sensitivity; do
    refused 1 'Hier wonen minder dan 10 huishoudens.*WK990108.*GM9901' \
        "$wijk" foresee $command BU99010802 --scenario both
    grep -q 'huishoudens worden doorgerekend' err && fail "$command announces what it will not do"
done
echo "ok"
