#!/usr/bin/env bash
# Sourced by the tests. What waits here waits for the thing itself, for as long as that takes: a slow or
# busy machine is no failure, and CTest ends what hangs.

# COMMAND | has PATTERN: reads all of it first. `grep -q` stops at the first line it finds, and so does
# grep into /dev/null; a command that was still writing then dies of it, which pipefail calls a failure.
has() {
    local all
    all=$(cat)
    grep -q -- "$1" <<<"$all"
}

# serve SAID WORDS...: starts `wijk serve WORDS...` and waits until it says where it is. Sets `server`
# (its process) and `address`; what it says stands in the file SAID.
serve() {
    local said=$1
    shift
    rm -f "$said" # what an earlier server said is not where this one is
    "${WIJK_BIN:?}" serve "$@" --port 0 --no-browser >"$said" 2>&1 &
    server=$!
    until address=$(grep -m 1 -oE 'http://127\.0\.0\.1:[0-9]+' "$said" 2>/dev/null); do
        if ! kill -0 "$server" 2>/dev/null; then
            echo "the server did not start: $(cat "$said")" >&2
            return 1
        fi
        sleep 0.05
    done
}

# town FOLDER: the invented town, served, with its file WIJK_FILE under FOLDER.
town() {
    XDG_DATA_HOME=$1 serve "$1/said" --town || return 1
    export WIJK_FILE=$1/wijk/merelwaard.wijk
}

# served_no_more: stops the server and waits until it is gone.
served_no_more() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
