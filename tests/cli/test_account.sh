#!/usr/bin/env bash
# wijk account as a user meets it: examples, three ways of printing, where a figure comes from, prices
# of one's own, the letter, the shared post, and what it says when something is wrong.
set -euo pipefail
bin=${WIJK_BIN:-build/debug/wijk}
dir=$(mktemp -d "${WIJK_TMP:-/tmp}/wijk-account.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
case $bin in /*) ;; *) bin=$OLDPWD/$bin ;; esac
fail() { echo "FAILED: $*" >&2; exit 1; }
says() { grep -qF -- "$1" out || { cat out; fail "does not say: $1"; }; }
refused() {
    local text=$1 got=0
    shift
    "$@" >out 2>err || got=$?
    [ "$got" = 1 ] || fail "$* ended with $got"
    grep -qF -- "$text" err || { cat err; fail "$* does not say: $text"; }
}

"$bin" account example >out
for name in plan debt-signals debt-help family-help samen-anders security post; do
    says "$name"
    "$bin" account example $name >$name.csv
done
"$bin" account security.csv >out
says "30.000"
"$bin" account security.csv --lang en >out
says "30,000"
"$bin" account plan.csv --explain corp >out
says "P-03"
says "graad UK"
"$bin" account plan.csv --explain ontruiming >out
says "30% tot 50%"

# The same in CSV and JSON, in any language, on any number of draws: purses add up to society.
for lang in nl en; do
    "$bin" account plan.csv --csv --lang $lang >parties.csv
    "$bin" account plan.csv --json --draws 100 --lang $lang >all.json
    awk -F, 'NR == 2 { society = $5 } NR > 2 && !/samen|together/ { sum += $5 }
        END { exit (society - sum) * (society - sum) > 1e-6 }' parties.csv || fail "purses do not add up"
    cut -d, -f5 parties.csv | sed -n 2p >net.$lang
done
cmp -s net.nl net.en || fail "the language changes the total"
if command -v jq >/dev/null; then jq -e . all.json >/dev/null || fail "--json is no JSON"; fi
"$bin" account plan.csv --csv --table comparison >out
says "29998.62"
"$bin" account plan.csv --csv --seed 1 >a && "$bin" account plan.csv --csv --seed 1 >b
cmp -s a b || fail "two runs differ"
"$bin" account plan.csv --stage real --draws 0 >out
says "Werkelijk"
"$bin" account plan.csv --year 2015 --draws 0 >out
says "Euro van 2015"

printf 'code,central,year,grade,source\nP-22,6500,2024,C,own books\n' >own.csv
"$bin" account prices --prices own.csv >out
says "6.500,00"
"$bin" account prices --csv >out
says "P-22"
"$bin" account prices P-22 >out
says "bovengrens"
refused "geen prijs" "$bin" account prices P-2222
"$bin" account purses >out
says "gem_debt"

"$bin" account letter --dwellings 1000 --extra 85000 >out
says "niet bevestigd"
"$bin" account letter --dwellings 1000 --extra 85000 --csv >out
says ",C"
"$bin" account staff post.csv >out
says "13.062,00"
says "geen advies"

refused "wijk account example" "$bin" account
refused "Kan nergens.csv niet lezen" "$bin" account nergens.csv
refused "geen beurs of regel" "$bin" account plan.csv --explain koning
refused "--draws" "$bin" account plan.csv --draws veel
refused "--stage" "$bin" account plan.csv --stage ooit
refused "2031" "$bin" account plan.csv --year 2031
refused "2022 tot en met 2023" "$bin" account letter --dwellings 10 --year 2019
refused "gewogen woningen" "$bin" account letter
refused "geen voorbeeld" "$bin" account example iets
sed 's/,P-03,,,,370/,P-98,,,,370/' plan.csv >bad.csv
refused "bad.csv:" "$bin" account bad.csv
refused "P-98" "$bin" account bad.csv
refused "die met payer" "$bin" account staff plan.csv
echo "account: all well"
