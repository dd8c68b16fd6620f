#!/usr/bin/env bash
# The tables of the manual are those of data/verdict_grid.csv, and in these the verdict keeps its size
# where the worst are chosen while before-and-after and the difference from all areas do not.
set -euo pipefail
cd "$(dirname "$0")/../.."
fail() { echo "not ok: $*" >&2; exit 1; }

scripts/grid-manual nl | cmp -s - docs/manual/nl/getoetst.md || fail "run scripts/grid-manual nl > docs/manual/nl/getoetst.md"
scripts/grid-manual en | cmp -s - docs/manual/en/tested.md || fail "run scripts/grid-manual en > docs/manual/en/tested.md"
python3 - <<'PY'
import csv, math
rows = list(csv.DictReader(open("data/verdict_grid.csv")))
worlds = {(r["treated"], r["lasting"], r["worst"], r["staggered"], r["spill"]) for r in rows}
assert len(worlds) == 84, len(worlds)  # 96, less one area that cannot start twice
verdict = [r for r in rows if r["estimator"] == "verdict"]
assert len(verdict) == 84
for r in verdict:
    far = 4 * math.sqrt(0.05 * 0.95 / int(r["runs"]))
    assert float(r["size"]) <= 0.06 + far and float(r["coverage"]) >= 0.94 - far, r
    assert abs(float(r["bias"])) < 0.006, r
mean = lambda name: sum(float(r["size"]) for r in rows if r["estimator"] == name and r["worst"] == "1") / \
    sum(r["estimator"] == name and r["worst"] == "1" for r in rows)
assert 0.04 <= mean("verdict") <= 0.06, mean("verdict")
assert mean("before_after") > 0.5 and mean("naive") > 0.2 and mean("did") > 0.07
PY
echo "ok: 84 kinds of worlds, the manual says what the file says"
