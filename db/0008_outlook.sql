-- 0008: the outlook on livability. Models and how they did; no forecast of any area is kept, so that
-- no list of areas by risk can be read from the file.

CREATE TABLE outlook (               -- DERIVED: one fitted model per score, level and country
    id           INTEGER PRIMARY KEY, -- its numbers and scores refer to it
    score        TEXT NOT NULL,      -- indicator that is forecast: 'lbm3_lbm', or one of its five parts
    level        INTEGER NOT NULL,   -- as area.level
    fictional    INTEGER NOT NULL CHECK (fictional IN (0, 1)), -- 1: fitted to invented areas
    estimator    TEXT NOT NULL,      -- which one the rule chose: 'no_change', 'past_and_place', …
    vintage      INTEGER NOT NULL,   -- of the borders that most waves are on
    areas        INTEGER NOT NULL,   -- areas it was fitted to
    UNIQUE (score, level, fictional)
) STRICT;

CREATE TABLE outlook_number (        -- DERIVED: what was fitted
    outlook_id INTEGER NOT NULL REFERENCES outlook(id), -- the model
    part       TEXT NOT NULL,        -- 'year', 'shift', 'where', 'spread', 'miss', …: docs/model/outlook.md
    place      INTEGER NOT NULL,     -- the how-manieth of that part, from 0
    value      REAL NOT NULL,        -- the number
    PRIMARY KEY (outlook_id, part, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE outlook_step (          -- DERIVED: how the rule's choice did from one wave to the next
    outlook_id INTEGER NOT NULL REFERENCES outlook(id), -- the model that it led to
    from_year  INTEGER NOT NULL,     -- the wave looked from
    to_year    INTEGER NOT NULL,     -- the wave that came
    chosen     TEXT NOT NULL,        -- estimator chosen from earlier steps
    common     REAL NOT NULL,        -- median change of all areas
    warned     INTEGER NOT NULL,     -- areas given a chance of a drop of at least one in ten
    hits       INTEGER NOT NULL,     -- of these, how many dropped
    missed     INTEGER NOT NULL,     -- drops without such a chance
    early      INTEGER NOT NULL,     -- drops of which was warned one wave earlier too
    ahead      REAL,                 -- average precision less that of sorting by size; NULL under 20 drops
    ahead_low  REAL,                 -- its 90% interval
    ahead_high REAL,                 -- the other end
    PRIMARY KEY (outlook_id, from_year)
) STRICT, WITHOUT ROWID;

CREATE TABLE outlook_score (         -- DERIVED: how every estimator did on every step
    outlook_id INTEGER NOT NULL REFERENCES outlook(id), -- as in outlook_step
    from_year  INTEGER NOT NULL,     -- as in outlook_step
    estimator  TEXT NOT NULL,        -- which one
    slice      TEXT NOT NULL,        -- whom it is about: 'all', 'under_500', 'social', …
    areas      INTEGER NOT NULL,     -- areas judged
    drops      INTEGER NOT NULL,     -- of these, fell by more than 0.05
    mae        REAL,                 -- mean absolute error of the middle; NULL without areas
    pinball    REAL,                 -- mean pinball loss of five quantiles
    cover50    REAL,                 -- share of areas inside the 50% band
    cover90    REAL,                 -- share inside the 90% band
    average_precision REAL,          -- of the ranking by chance; NULL under 20 drops
    PRIMARY KEY (outlook_id, from_year, estimator, slice)
) STRICT, WITHOUT ROWID;

CREATE TABLE outlook_chance (        -- DERIVED: chances given beside what happened, from 500 residents
    outlook_id INTEGER NOT NULL REFERENCES outlook(id), -- as in outlook_step
    from_year  INTEGER NOT NULL,     -- as in outlook_step
    bin        INTEGER NOT NULL,     -- 0 under 1%, then from 1, 2, 5, 10 and 20%
    areas      INTEGER NOT NULL,     -- areas given such a chance
    drops      INTEGER NOT NULL,     -- of these, dropped
    mean       REAL NOT NULL,        -- mean chance given
    PRIMARY KEY (outlook_id, from_year, bin)
) STRICT, WITHOUT ROWID;
