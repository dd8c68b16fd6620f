-- 0009: forecasts. What was asked of the simulation and what came out, so that an answer is computed
-- once, a killed program goes on where it was, and anybody can see what a figure was made from.

CREATE TABLE forecast (             -- one scenario beside doing nothing, for one place
    id       INTEGER PRIMARY KEY,   -- its parts refer to it
    mark     TEXT NOT NULL UNIQUE,  -- BLAKE2b of everything that decides a replicate: the same request is found again
    area_id  INTEGER NOT NULL REFERENCES area(id), -- the place that is shown
    scenario TEXT NOT NULL,         -- the whole text, as wijk writes it
    years    INTEGER NOT NULL CHECK (years BETWEEN 1 AND 60), -- length
    seed     INTEGER NOT NULL,      -- the worlds of chance; unsigned, kept in the same 64 bits
    wanted   INTEGER NOT NULL CHECK (wanted >= 1), -- pairs of runs asked for; may grow
    model    TEXT NOT NULL,         -- version of the program and fingerprint of the parameters
    figures  TEXT NOT NULL,         -- fingerprint of the loaded files
    state    INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3), -- 0 waiting 1 done 2 stopped 3 failed
    memory   INTEGER NOT NULL DEFAULT 0, -- bytes that computing takes, told before it starts; 0 not known yet
    asked_at TEXT NOT NULL,         -- UTC, ISO 8601: who waits longest goes first
    ended_at TEXT,                  -- UTC; NULL while it waits: what ended longest ago goes first when room is needed
    error_nl TEXT NOT NULL DEFAULT '', -- why it failed
    error_en TEXT NOT NULL DEFAULT '' -- the same in English
) STRICT;

CREATE INDEX forecast_of ON forecast(area_id, id);

CREATE TABLE forecast_part (        -- consecutive replicates, as they were computed
    forecast_id INTEGER NOT NULL REFERENCES forecast(id), -- of this forecast
    first       INTEGER NOT NULL,   -- number of the first pair
    last        INTEGER NOT NULL,   -- and of the last
    bytes       BLOB NOT NULL,      -- a part as `wijk foresee merge` reads it, packed by Zstandard
    PRIMARY KEY (forecast_id, first)
) STRICT;
