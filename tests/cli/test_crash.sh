#!/usr/bin/env bash
# kill -9 while `wijk load` and `wijk serve` work: what was acknowledged is there, what was not is
# not half there, `wijk check` finds nothing, and loading again ends where an undisturbed load ends.
set -euo pipefail
bin=${WIJK_BIN:-build/debug/wijk}
export WIJK_BIN=$bin
. "$(dirname "$0")/common.sh"
dir=$(mktemp -d "${WIJK_TMP:-/tmp}/wijk-crash.XXXXXX")
server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

# Two files in the publisher's form with invented figures: 1 gemeente, 20 wijken, 8,000 buurten.
for year in 2023 2024; do
    awk -v year=$year 'BEGIN {
        print "gwb_code,regio,gm_naam,a_inw,a_man,a_vrouw,a_00_14,a_15_24,a_25_44"
        print "GM0344,Utrecht,Utrecht," 40000 + year ",1,2,3,4,5"
        for (w = 0; w < 20; w++) {
            printf "WK0344%02d,Wijk %d,Utrecht,%d,5,5,5,5,5\n", w, w, 5 * w + year - 2023
            for (b = 0; b < 400; b++)
                printf "BU0344%02d%02d,Buurt %d %d,Utrecht,%d,%d,%d,%d,%d,%d\n", w, b % 100, w, b % 100,
                    5 * (b + w), b, b + 5, b % 7 * 5, b % 5 * 5, year - 2000
        }
    }' | awk -F, '!seen[$1]++' >"$dir/kwb_${year}_gm0344_utrecht.csv"
done
files=("$dir"/kwb_*.csv)

"$bin" init "$dir/empty.wijk" >/dev/null
cp "$dir/empty.wijk" "$dir/whole.wijk"
begin=$(date +%s%N)
"$bin" load --file "$dir/whole.wijk" "${files[@]}" >"$dir/log"
spent=$(( ($(date +%s%N) - begin) / 1000 )) # microseconds
"$bin" export --file "$dir/whole.wijk" --out "$dir/whole.csv" >/dev/null
rows=$(wc -l <"$dir/whole.csv")
[ "$rows" -gt 5000 ] || fail "the undisturbed load gave only $rows rows"

half=0 tries=0
while [ "$half" -lt 12 ] && [ "$tries" -lt 40 ]; do
    tries=$((tries + 1))
    rm -f "$dir"/cut.wijk*
    cp "$dir/empty.wijk" "$dir/cut.wijk"
    stdbuf -oL "$bin" load --file "$dir/cut.wijk" "${files[@]}" >"$dir/log" 2>&1 &
    load=$!
    # Spread over the whole of the load, its derived tables included; a load that was done before its
    # kill was faster than the first one: the next kill comes sooner.
    sleep "$(awk -v us="$spent" -v i="$half" 'BEGIN { print us * (i + 0.5) / 12 / 1e6 }')"
    if kill -9 $load 2>/dev/null; then half=$((half + 1)); else spent=$((spent * 3 / 4)); fi
    wait $load 2>/dev/null || true
    "$bin" check --file "$dir/cut.wijk" >"$dir/check" || { cat "$dir/check"; fail "check after kill $tries"; }
    "$bin" info --file "$dir/cut.wijk" --json >"$dir/info"
    for file in "${files[@]}"; do
        name=$(basename "$file")
        if grep -q "^$name " "$dir/log" && ! grep -q "\"$name\"" "$dir/info"; then
            fail "kill $tries: $name was acknowledged and is not there"
        fi
    done
    whole=$(sqlite3 "$dir/cut.wijk" "SELECT count(*) = (SELECT coalesce(sum(cells_kept), 0) FROM load)
        FROM observation WHERE mark = 0" 2>/dev/null || echo 1)
    [ "$whole" = 1 ] || fail "kill $tries: half a file is in the file"
done
[ "$half" = 12 ] || fail "only $half of $tries kills met a load at work"
"$bin" load --file "$dir/cut.wijk" "${files[@]}" >/dev/null
"$bin" export --file "$dir/cut.wijk" --out "$dir/cut.csv" >/dev/null
cmp "$dir/whole.csv" "$dir/cut.csv" || fail "loading again after a kill ends elsewhere"
echo "load: $half kills at work, nothing lost, loading again gives the same $rows rows"

command -v curl >/dev/null || { echo "skipped: serve (curl is not installed)"; exit 0; }
for i in 1 2 3 4 5 6; do
    serve "$dir/log" "$dir/whole.wijk" || fail "it was killed $((i - 1)) times before"
    status=$(curl -s -o /dev/null -w '%{http_code}' -H "Origin: $address" -H 'Sec-Fetch-Site: same-origin' \
        --data-urlencode "naam=Werkgebied $i" --data-urlencode "delen=BU03440000 BU03440001" "$address/eigen")
    kill -9 "$server"
    wait "$server" 2>/dev/null || true
    server=
    [ "$status" = 303 ] || fail "own area $i was not acknowledged ($status)"
    "$bin" check --file "$dir/whole.wijk" >"$dir/check" || { cat "$dir/check"; fail "check after serve $i"; }
    "$bin" export --file "$dir/whole.wijk" --level own >"$dir/own.csv"
    grep -q "Werkgebied $i" "$dir/own.csv" ||
        fail "own area $i was acknowledged and is not there"
done
echo "serve: 6 kills, every acknowledged own area is there"
