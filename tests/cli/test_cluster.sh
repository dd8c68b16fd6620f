#!/usr/bin/env bash
# A foresee run as a job array on a Slurm of one node, started here for the occasion: the merged
# parts are one run to the byte, a lost part is made again, and a folder of another run is refused.
set -euo pipefail
for tool in sbatch slurmctld slurmd munged; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: no $tool (Debian: apt install slurm-wlm)"
        exit 77
    fi
done
if [ "$(id -u)" -ne 0 ]; then
    echo "skipped: a Slurm of one node is started by root"
    exit 77
fi
. "$(dirname "$0")/common.sh"
wijk=$(realpath "${WIJK_BIN:?}")
cluster=$(realpath "$(dirname "$0")/../../package/wijk-cluster")
work=$(mktemp -d /tmp/wijk-cluster.XXXXXX) # munged wants a short path that others cannot write
export SLURM_CONF=$work/slurm.conf WIJK_BIN=$wijk
stop() {
    for pid in "$work"/*.pid; do
        if [ -e "$pid" ]; then kill "$(cat "$pid")" 2>/dev/null || true; fi
    done
    if [ -n "${server:-}" ]; then kill "$server" 2>/dev/null || true; fi
    wait 2>/dev/null || true
    for _ in $(seq 50); do # daemons write their state until they are gone
        rm -rf "$work" 2>/dev/null && break
        sleep 0.2
    done
}
trap stop EXIT
fail() { echo "not ok: $*" >&2; tail -n 5 "$work"/*.log "$work"/out/*.log >&2 2>/dev/null || true; exit 1; }

host=$(hostname -s)
free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
until port=$((20000 + RANDOM % 10000)) && free $port && free $((port + 1)); do :; done
mkdir -m 700 "$work/munge"
mkdir "$work/state" "$work/spool"
head -c 1024 /dev/urandom >"$work/munge/key"
chmod 400 "$work/munge/key"
munged --force --socket="$work/munge/socket" --key-file="$work/munge/key" \
    --log-file="$work/munge/log" --pid-file="$work/munged.pid" --seed-file="$work/munge/seed" \
    2>"$work/munged.log" || fail "munged"
echo "CgroupPlugin=cgroup/v1" >"$work/cgroup.conf"
cat >"$SLURM_CONF" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
SlurmctldPort=$port
SlurmdPort=$((port + 1))
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
MessageTimeout=60
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld || fail "slurmctld"
slurmd || fail "slurmd"
idle() { [[ $(sinfo -h -o %T 2>/dev/null) == *idle* ]]; }
for _ in $(seq 600); do
    if idle; then break; fi
    sleep 0.2
done
if ! idle; then
    echo "skipped: Slurm does not start here: $(tail -n 2 "$work/slurmd.log")"
    exit 77
fi

town "$work" || fail "the town was not made"
served_no_more

words=(BU99010001 --scenario both --years 2 --seed 5)
finished() { # FILE: waits until Slurm says that it has nothing left to do
    local left
    until left=$(squeue -h 2>/dev/null) && [ -z "$left" ]; do
        kill -0 "$(cat "$work/slurmctld.pid")" 2>/dev/null || fail "slurmctld has ended"
        sleep 0.5
    done
    [ -s "$1" ]
}
"$cluster" "$work/out" 7 3 "${words[@]}" || fail "submitting"
finished "$work/out/all.json" || fail "no result"
[ "$(find "$work/out" -name '*.part' | wc -l)" -eq 3 ] || fail "three parts"
"$wijk" foresee run "${words[@]}" --replicates 1-7 --threads 1 --out "$work/one" --json >"$work/one.json"
cmp "$work/one" "$work/out/all" || fail "the parts of the cluster differ from one run"
cmp "$work/one.json" "$work/out/all.json" || fail "the parts of the cluster say something else"

# A part and the result are lost: only that part is made anew.
rm "$work/out/00000004-00000006.part" "$work/out/all" "$work/out/all.json"
"$cluster" "$work/out" 7 3 "${words[@]}" || fail "submitting again"
finished "$work/out/all.json" || fail "no result the second time"
cmp "$work/one" "$work/out/all" || fail "made again it differs"
grep -q 'was there' "$work/out/task-0.log" || fail "the first part was made again"
grep -q 'pairs 4 to 6' "$work/out/task-1.log" || fail "the lost part was not made"

if "$cluster" "$work/out" 8 3 "${words[@]}" 2>"$work/err"; then fail "a folder of another run"; fi
grep -q 'another run' "$work/err" || fail "why: $(cat "$work/err")"
if "$cluster" "$work/out" many 2>"$work/err"; then fail "no numbers"; fi
grep -q 'FOLDER PAIRS PER_TASK' "$work/err" || fail "how: $(cat "$work/err")"
echo "ok: a job array on $(sbatch --version), merged to the bytes of one run"
