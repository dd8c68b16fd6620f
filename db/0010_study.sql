-- 0010: what was asked about a forecast afterwards: which assumptions decide, and how strongly a policy
-- must work to break even. Each takes many runs, so it is computed once and kept.

ALTER TABLE forecast ADD COLUMN seconds REAL NOT NULL DEFAULT 0; -- that computing took on this machine, so that what further questions take can be told

CREATE TABLE forecast_study (        -- one question about one forecast
    id          INTEGER PRIMARY KEY, -- the work in the background names it
    forecast_id INTEGER NOT NULL REFERENCES forecast(id), -- of this forecast: its mark decides all
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2), -- 0 each assumption 1 groups of them 2 break-even
    wanted      INTEGER NOT NULL CHECK (wanted >= 1), -- units of work: trajectories, points or levers
    done        INTEGER NOT NULL DEFAULT 0, -- of which so many are whole
    state       INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3), -- 0 waiting 1 done 2 stopped 3 failed
    seconds     REAL NOT NULL DEFAULT 0, -- that the whole units took
    bytes       BLOB,                -- the text that `wijk foresee sensitivity` reads, or that of a break-even, packed by Zstandard
    asked_at    TEXT NOT NULL,       -- UTC, ISO 8601: who waits longest goes first
    ended_at    TEXT,                -- UTC; NULL while it waits
    error_nl    TEXT NOT NULL DEFAULT '', -- why it failed
    error_en    TEXT NOT NULL DEFAULT '', -- the same in English
    UNIQUE (forecast_id, kind)
) STRICT;
