#!/usr/bin/env bash
# The commands about the file itself, as a user meets them: info, check, backup, export, and what they
# say when something is wrong.
set -euo pipefail
bin=${WIJK_BIN:-build/debug/wijk}
dir=$(mktemp -d "${WIJK_TMP:-/tmp}/wijk-file.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
case $bin in /*) ;; *) bin=$OLDPWD/$bin ;; esac
fail() { echo "FAILED: $*" >&2; exit 1; }
# refused CODE TEXT COMMAND…: the command ends with the code and says the text.
refused() {
    local code=$1 text=$2 got=0
    shift 2
    "$@" >out 2>err || got=$?
    [ "$got" = "$code" ] || fail "$* ended with $got, not $code"
    grep -qF -- "$text" err || { cat err; fail "$* does not say: $text"; }
}

export WIJK_FILE=$dir/a.wijk
refused 1 "Er is geen bestand" "$bin" info
refused 1 "There is no file" "$bin" info --lang en
"$bin" init a.wijk >/dev/null
refused 1 "bestaat al" "$bin" init a.wijk
cat >kwb_2023_gm0344_utrecht.csv <<'CSV'
gwb_code,regio,gm_naam,a_inw,a_00_14,p_koopw,g_wozbag
GM0344,Utrecht,Utrecht,367984,1000,47,.
WK034401,West,Utrecht,5000,700,40,300
BU03440101,"Laan, oost",Utrecht,1205,200,.,512
BU03440102,Plein,Utrecht,35,5,0,.
CSV
"$bin" load kwb_2023_gm0344_utrecht.csv >/dev/null
"$bin" check >out
grep -q "is heel" out || fail "check says: $(cat out)"

# info: the same facts for people and for programs.
"$bin" info >out
grep -q "kwb_2023_gm0344_utrecht.csv" out || fail "info does not name the file"
"$bin" info --json >out.json
python3 - <<'PY' 2>/dev/null || node -e 'JSON.parse(require("fs").readFileSync("out.json"))' || fail "info --json is no JSON"
import json
it = json.load(open("out.json"))
assert it["files"] == 1 and it["fictional"] is False
assert [l["areas"] for l in it["layers"] if l["level"] == "buurt"] == [2]
assert it["sources"][0]["file"] == "kwb_2023_gm0344_utrecht.csv"
PY

# export: csv with its metadata beside it, geojson, gpkg; standard output for pipes.
"$bin" export --out b.csv >/dev/null
[ -s b.csv-metadata.json ] || fail "no metadata beside the csv"
grep -q '^BU03440101,buurt,2023,"Laan, oost",population,2023,1205,1202.5,1207.5,count,value,published' b.csv ||
    fail "the row of BU03440101 is not there: $(grep BU03440101 b.csv)"
grep -q '^BU03440102,.*,age_0_14_share,2023,.*,computed,grey,' b.csv || fail "35 residents and not grey"
"$bin" export --level buurt --indicator population >c.csv
[ "$(wc -l <c.csv)" = 3 ] || fail "a selection of two rows gave $(wc -l <c.csv) lines"
"$bin" export --area GM0344 --level wijk --period 2023 --indicator population,woz_value >c.csv
[ "$(wc -l <c.csv)" = 3 ] || fail "the wijk of Utrecht: $(cat c.csv)"
"$bin" export --format geojson --level buurt >c.geojson
grep -q '"population":1205' c.geojson || fail "geojson without the figure"
"$bin" export --out c.gpkg >/dev/null
[ "$(head -c 15 c.gpkg)" = "SQLite format 3" ] || fail "the geopackage is no SQLite file"
"$bin" export --out c.gpkg >/dev/null || fail "an export cannot be made again"
refused 1 "A GeoPackage needs a name" "$bin" export --format gpkg --lang en
refused 1 "choose csv" "$bin" export --format xml --lang en
refused 1 "geef een jaar" "$bin" export --period vorig
refused 1 "die is er niet" "$bin" export --indicator geluk
refused 1 "kies land" "$bin" export --level straat
refused 1 "bevat geen gebieden" "$bin" export --level pc4
refused 1 "" "$bin" export --area GM9999
refused 1 "Cannot write" "$bin" export --lang en --out /proc/none/x.csv
[ -z "$(ls ./*.part 2>/dev/null)" ] || fail "half files were left: $(ls ./*.part)"

# backup and restore.
"$bin" backup copy.wijk >out
grep -q "nagekeken" out || fail "backup says: $(cat out)"
refused 1 "is het bestand zelf" "$bin" backup a.wijk
refused 1 "Waarheen?" "$bin" backup
"$bin" export --file copy.wijk --out d.csv >/dev/null
cmp b.csv d.csv || fail "the restored copy holds other figures"

# damage is found and told; the exit code says so.
cp copy.wijk bad.wijk
head -c 4096 /dev/zero | tr '\0' x | dd of=bad.wijk bs=4096 seek=5 conv=notrunc status=none
if "$bin" check --file bad.wijk >out 2>err; then fail "check passed a damaged file"; fi
grep -qE 'bevindingen|geen \(heel\)' err || fail "check says: $(cat out err)"
head -c 5000 copy.wijk >short.wijk
if "$bin" check --file short.wijk >out 2>err; then fail "check passed a truncated file"; fi
# an older file that another program has open is not sent round to this very command.
cp copy.wijk old.wijk
python3 - "$bin" <<'PY' || fail "an older file that is in use"
import sqlite3, subprocess, sys
other = sqlite3.connect("old.wijk", isolation_level=None)
other.execute("pragma user_version = 1")
other.execute("begin immediate")
said = subprocess.run([sys.argv[1], "check", "--file", "old.wijk", "--lang", "en"], capture_output=True, text=True)
assert said.returncode == 1 and "another program has it open" in said.stderr, said
read = subprocess.run([sys.argv[1], "info", "--file", "old.wijk", "--lang", "en"], capture_output=True, text=True)
assert read.returncode == 1 and "`wijk check`" in read.stderr, read
PY
# a file on a medium that cannot be written to (a published, read-only folder) can be read.
mkdir 'read only #1?'
cp copy.wijk 'read only #1?/a.wijk'
if [ "$(id -u)" != 0 ]; then
    chmod 555 'read only #1?'
    "$bin" info --file 'read only #1?/a.wijk' >out || fail "a read-only folder: $(cat out)"
    chmod 755 'read only #1?'
elif unshare -m true 2>/dev/null; then
    unshare -m sh -c 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && "$2" info --file "$1/a.wijk" && ! "$2" check --file "$1/a.wijk"' \
        sh "$dir/read only #1?" "$bin" >out 2>&1 || fail "a read-only folder: $(cat out)"
else
    echo "skipped: a read-only folder (root, and no mounts allowed)"
fi

echo "info, check, backup, export: as said"
