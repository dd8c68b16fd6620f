#!/usr/bin/env bash
# The whole life of a plan on the command line, on the invented town: begun, completed, its power
# looked at, frozen, amended, started, reckoned, closed, judged, and read by somebody else; and what is
# refused on the way.
set -euo pipefail
bin=${WIJK_BIN:-build/debug/wijk}
case $bin in /*) ;; *) bin=$PWD/$bin ;; esac
export WIJK_BIN=$bin
. "$(dirname "$0")/common.sh"
dir=$(mktemp -d "${WIJK_TMP:-/tmp}/wijk-plan.XXXXXX")
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "FAILED: $*" >&2; exit 1; }
says() { grep -qF -- "$1" out || { cat out; fail "does not say: $1"; }; }
plan() { "$bin" plan "$@" >out; }
refused() { # SENTENCE WORDS...: `wijk plan WORDS...` fails, says why, and changes nothing
    local text=$1 got=0
    shift
    "$bin" plan "$@" >out 2>err || got=$?
    [ "$got" = 1 ] || fail "plan $* ended with $got"
    grep -qF -- "$text" err || { cat err; fail "plan $* does not say: $text"; }
}
# The value of a row in a CSV of two columns; the cell of a column in the row that begins with a word.
value() { awk -F, -v row="$1" '$1 == row { print $2 }' "$2"; }
cell() { awk -F, -v row="$1" -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
    $1 == row { print $at }' "$3"; }

town "$dir" || fail "the town was not made"
served_no_more

# Begun with three fields, completed step by step.
refused "Geef een naam en gebieden" new
refused "Geen gebied gevonden" new "Nergens" --areas BU00000000
refused 'geen indicator "geluk"' new "Geluk" --areas BU99010301 --indicator geluk
refused "gebieden van één soort" new "Half" --areas BU99010301,0101
plan new "Nog eens Hoogelaar" --areas BU99010301,BU99010302
says "plan-"
code=$(grep -o 'plan-[0-9]*' out | head -1)
plan list --csv
says "$code,Nog eens Hoogelaar,concept"
refused "Vul eerst in: Begint in, Kleinste verschil dat ertoe doet." freeze "$code"
refused "First fill in: Begins in, Smallest difference that matters." freeze "$code" --lang en
refused "Begint in: geef een jaartal, zoals 2026; niet \"ooit\"." set "$code" begins ooit
refused "Noem een onderdeel: title, aim" set "$code" kleur rood
refused "Geef een waarde" set "$code" begins
plan set "$code" begins 2017
plan set "$code" selected 2018
plan set "$code" matters 0,05
refused "De cijfers waarop gekozen is (2018) moeten van voor de start (2017) zijn." freeze "$code"
plan set "$code" selected 2016
plan set "$code" aim "Minder overlast in het trappenhuis."
plan areas "$code" --add BU99010303 --drop BU99010302
plan show "$code" --csv
grep -q "BU99010303\|Hoogelaar" out || fail "the areas are not shown"
plan areas "$code" --add BU99010302
refused "Er is geen plan" show plan-77

# The account: the town's own, and the ways in which one cannot be right.
"$bin" plan show plan-1 --json >shown.json
python3 - <<'PY'
import json
rows = json.load(open('shown.json'))['plan']
open('account.csv', 'w').write(next(r['value'] for r in rows if r['field'] == 'account'))
PY
wrong() { # SENTENCE SED: the account with this change is refused
    sed "$2" account.csv >wrong.csv
    cmp -s account.csv wrong.csv && fail "$2 changes nothing"
    refused "$1" set "$code" account --from wrong.csv
}
wrong "kan niet negatief zijn" 's/corp,,45000,/corp,,-45000,/'
wrong "EUR" 's/^price_year,2024/currency,GBP\nprice_year,2024/'
wrong "is geen euro" 's/corp,,45000,/corp,,£45000,/'
wrong "price_year ontbreekt" '/^price_year/d'
wrong "beurs \"koning\" bestaat niet" 's/corp:70/koning:70/'
wrong "P-98" 's/P-20/P-98/'
refused "Kan nergens.csv niet lezen" set "$code" account --from nergens.csv
# Prices of several years become money of one, by an index; where no index reaches there is no guess.
sed 's/^id,kind,what,purse,price,amount,source/id,kind,what,purse,price,amount,amount_year,source/
     s/^\(plint,[^,]*,[^,]*,[^,]*,,45000\),/\1,2010,/; s/^\([a-z]*,[^,]*,[^,]*,[^,]*,[^,]*\),,,/\1,,,,/' \
    account.csv >mixed.csv
plan set "$code" account --from account.csv
plan account "$code" --draws 0 --csv --table lines
before=$(cell plint society out)
plan set "$code" account --from mixed.csv
plan account "$code" --draws 0 --csv --table lines
after=$(cell plint society out)
python3 -c "import sys; b, a = map(float, sys.argv[1:]); assert 1.2 < a / b < 1.6, (a, b)" "$before" "$after" ||
    fail "45,000 euro of 2010 is not $after in money of 2024"
sed 's/,45000,2010,/,45000,2031,/' mixed.csv >wrong.csv
refused "2031" set "$code" account --from wrong.csv
plan set "$code" account --from account.csv

# Power beforehand; looking seals nothing. Then it is sealed.
plan freeze "$code" --look
says "in 80 van de 100 gevallen opmerken"
says "concept"
refused "Een concept krijgt geen oordeel" judge "$code"
refused "Een concept pas je gewoon aan" amend "$code" ends 2020 --signed wie --reason waarom
plan freeze "$code"
says "vastgelegd"
refused "Dit plan ligt vast" set "$code" matters 0.01
refused "Dit plan ligt vast" areas "$code" --add BU99010001
refused "een naam" amend "$code" ends 2020
refused "een naam" amend "$code" ends 2020 --signed gemeente
plan amend "$code" ends 2022 --signed "gemeente, gebiedsmanager" --reason "een jaar langer"
plan amend "$code" matters 0.50 --signed corporatie --reason "wij hopen op meer"
plan show "$code" --csv --table amendments
says "een jaar langer"
refused "en niet terug" close "$code"
plan start "$code"
says "loopt"

# Nobody sees a verdict before it is closed, and there is no card.
refused "Het oordeel komt als het plan gesloten is" judge "$code"
refused "Alleen een gesloten plan geeft een kaart" card "$code"

# What the model expects, beside doing nothing: computed once, kept, seen again; or that it knows none.
refused "Er is nog niet gekozen wat het model" forecast "$code"
refused 'kent geen aanpak "magie"' amend "$code" lever magie --signed x --reason y
refused "kent het model niet" forecast plan-2
plan approaches --csv
says "mediation"
plan new "Proef" --areas BU99010001
trial=$(grep -o 'plan-[0-9]*' out | head -1)
plan set "$trial" begins 2030
plan set "$trial" ends 2031
plan set "$trial" lever community_work
plan forecast "$trial" --look
says "nog niet doorgerekend"
plan forecast "$trial" --replicates 2 --csv
cp out computed.csv
says "aangenomen gevolg"
plan forecast "$trial" --look --csv
cmp -s out computed.csv || fail "what was kept is not what was computed"
plan forecast "$trial" --look --lang en
says "from 2030 for 2 years"
says "fewer than 10 tell nothing"
refused "geef een geheel getal van 1" forecast "$trial" --replicates 0

# Both plans are in the same areas: each page says so.
plan show "$code"
says "plan-1"
plan show plan-1
says "$code"

# The same money on screen, in CSV and in JSON; purses add up to society.
plan account "$code" --csv
cp out parties.csv
awk -F, 'NR == 2 { society = $5 } NR > 2 && !/samen/ { sum += $5 }
    END { exit (society - sum) * (society - sum) > 1e-6 }' parties.csv || fail "purses do not add up"
plan account "$code" --explain corp
says "P-20"
plan close "$code"
says "gesloten"
plan judge "$code" --csv
cp out judged.csv
"$bin" plan judge "$code" --csv --table beside >beside.csv
says better
plan judge "$code" --lang en
says "Better."

# The amended smallest difference that matters is not what it is judged by.
plan card "$code" --out card.json
[ "$(python3 -c "import json; print(json.load(open('card.json'))['matters'])")" = 0.05 ] ||
    fail "judged by what was amended"

# On paper: the same words.
"$bin" plan show "$code" --pdf plan.pdf
[ "$(head -c 5 plan.pdf)" = "%PDF-" ] || fail "that is no PDF"
if command -v pdftotext >/dev/null; then
    pdftotext -layout plan.pdf out
    for text in "Nog eens Hoogelaar" "Beter." "een jaar langer" "politie en justitie" "zegel"; do says "$text"; done
fi
refused "Kan nergens/plan.pdf niet schrijven" show "$code" --pdf nergens/plan.pdf

# Somebody else, with an empty file of their own, reads the same numbers.
"$bin" init other.wijk >/dev/null
export WIJK_FILE=$dir/other.wijk
refused "Er is geen plan" show "$code"
"$bin" plan read-card card.json --csv --table numbers >numbers.csv
"$bin" plan read-card card.json --csv --table purses >purses.csv
python3 - <<'PY' || fail "the card does not give the same numbers"
import csv, json
judged = next(csv.DictReader(open('judged.csv')))
judged.update((r['code'], r['value']) for r in csv.DictReader(open('beside.csv')))
card = {r['what']: r['value'] for r in csv.DictReader(open('numbers.csv'))}
for name in ('effect', 'low', 'high', 'p', 'detectable', 'before_after'):
    assert float(judged[name]) == float(card[name]), (name, judged[name], card[name])
purses = {r['purse']: r for r in csv.DictReader(open('purses.csv'))}
parties = list(csv.DictReader(open('parties.csv')))
for name in ('net', 'low', 'high'):
    assert float(purses['society'][name]) == float(parties[0][name]), name
assert sum(float(r['net']) for c, r in purses.items() if c != 'society') - float(purses['society']['net']) < 0.005
PY
grep -q "Hoogelaar" card.json || fail "the card has lost its title"
! grep -q "BU9901" card.json || fail "the card names an area"
sed 's/"effect": /"effect": "/' card.json >wrong.json
refused "wrong.json" read-card wrong.json
export WIJK_FILE=$dir/wijk/merelwaard.wijk

# A sealed plan that is changed outside the program is found out, and gets no verdict and no card.
for change in "UPDATE plan_entry SET value='0.01' WHERE plan_id=? AND field='matters' AND amends=0" \
    "UPDATE plan_area SET area_id=(SELECT min(id) FROM area WHERE code='BU99010001') WHERE plan_id=? AND
        area_id IN (SELECT id FROM area WHERE code='BU99010303')" \
    "DELETE FROM plan_entry WHERE plan_id=? AND field='aim'" \
    "UPDATE plan_entry SET reason='niets' WHERE plan_id=? AND field='ends'" \
    "UPDATE plan SET state=2 WHERE id=?" "UPDATE plan SET seal='00' WHERE id=?"; do
    cp "$WIJK_FILE" changed.wijk
    python3 - "$change" "$code" <<'PY' || fail "$change"
import sqlite3, sys
file = sqlite3.connect('changed.wijk')
plan = file.execute('SELECT id FROM plan WHERE code=?', (sys.argv[2],)).fetchone()
assert file.execute(sys.argv[1], plan).rowcount == 1
file.commit()
PY
    refused "buiten het programma om veranderd" judge "$code" --file changed.wijk
    refused "buiten het programma om veranderd" card "$code" --file changed.wijk
    plan show "$code" --file changed.wijk
    says "buiten het programma om veranderd"
    plan judge plan-1 --file changed.wijk # the other plans are as they were
done
"$bin" check >out
says "is heel"
echo "plan: all well"
