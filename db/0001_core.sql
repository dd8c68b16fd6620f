-- 0001: what the first floor (see) stands on. Every table and column says what it is for.
-- No table of this file holds anything about a person: places, counts and sources only.

CREATE TABLE meta (                 -- facts about this file itself
    key   TEXT PRIMARY KEY,         -- 'created', 'fictional' (1 when invented data are inside), 'derived_at'
    value TEXT NOT NULL -- what it says
) STRICT, WITHOUT ROWID;

CREATE TABLE source (               -- who says so: one row per layout of data/sources.csv or own file
    id        INTEGER PRIMARY KEY, -- facts reach it through load
    code      TEXT NOT NULL UNIQUE, -- 'lbm3-pc4'
    publisher TEXT NOT NULL,        -- 'CBS'
    title_nl  TEXT NOT NULL, -- what it is, for a Dutch reader
    title_en  TEXT NOT NULL, -- the same for an English reader
    licence   TEXT NOT NULL,        -- as the publisher states it
    address   TEXT NOT NULL,        -- where the publisher offers it; '' when not known
    nature    TEXT NOT NULL CHECK (nature IN ('published','derived','modelled','reconstructed','fictional','own')), -- how the figures came about
    rank      INTEGER NOT NULL,     -- precedence among sources for the same cell; higher wins
    note      TEXT NOT NULL DEFAULT '' -- what to know before using it
) STRICT;

CREATE TABLE load (                 -- one file read once: the lineage of every fact
    id         INTEGER PRIMARY KEY, -- facts refer to it
    source_id  INTEGER NOT NULL REFERENCES source(id), -- the layout it was read by
    file       TEXT NOT NULL,       -- base name only: a path would tell about someone's machine
    sha256     TEXT NOT NULL,       -- of the bytes as given
    bytes      INTEGER NOT NULL, -- size of those bytes
    loaded_at  TEXT NOT NULL,       -- UTC, ISO 8601
    rows_read  INTEGER NOT NULL DEFAULT 0, -- rows below the header
    rows_kept  INTEGER NOT NULL DEFAULT 0, -- rows of which anything was stored
    cells_kept INTEGER NOT NULL DEFAULT 0, -- values stored
    superseded_by INTEGER REFERENCES load(id) -- a newer edition of the same source; NULL while current
) STRICT;
CREATE UNIQUE INDEX load_by_bytes ON load(source_id, sha256);

CREATE TABLE load_note (            -- what was skipped, suppressed or unknown in a load, counted by reason
    load_id INTEGER NOT NULL REFERENCES load(id), -- the load it is about
    reason  TEXT NOT NULL,          -- 'missing', 'secret', 'unknown column', 'no such area', 'bad number', …
    what    TEXT NOT NULL DEFAULT '', -- the column or token it concerns
    count   INTEGER NOT NULL, -- cells or rows
    example TEXT NOT NULL DEFAULT '', -- first place it was met: 'row 12, column P_KOOPWON: "abc"'
    PRIMARY KEY (load_id, reason, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE area (                 -- a place in one vintage of the map of the Netherlands
    id       INTEGER PRIMARY KEY, -- everything about a place refers to it
    level    INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7), -- 0 land 1 gemeente 2 wijk 3 buurt 4 pc4 5 square 6 local 7 own
    code     TEXT NOT NULL,         -- 'BU0363AA01', '1011', 'E1705N4816', 'ASD-A00'
    vintage  INTEGER NOT NULL,      -- year of the borders and codes
    name     TEXT NOT NULL DEFAULT '', -- '' when no loaded source gives one
    parent_id INTEGER REFERENCES area(id), -- buurt → wijk → gemeente → land of the same vintage
    gemeente TEXT NOT NULL DEFAULT '', -- name of the gemeente, for search and for pc4 and squares
    x REAL, y REAL,                 -- a point inside, RD New metres; NULL without geometry
    x0 REAL, y0 REAL, x1 REAL, y1 REAL, -- bounding box, RD New metres
    land_m2  REAL,                  -- area of the polygon, square metres
    fictional INTEGER NOT NULL DEFAULT 0 -- 1: invented
) STRICT;
CREATE UNIQUE INDEX area_by_code ON area(level, code, vintage);
CREATE INDEX area_by_parent ON area(parent_id);
CREATE INDEX area_by_plain_code ON area(code);

CREATE TABLE area_shape (           -- the polygon as loaded
    area_id INTEGER PRIMARY KEY REFERENCES area(id), -- whose outline
    load_id INTEGER NOT NULL REFERENCES load(id), -- the file it came from
    tolerance REAL NOT NULL,        -- metres by which a border may be off; neighbours are found with twice this
    wkb     BLOB NOT NULL           -- ISO WKB (multi)polygon, EPSG:28992
) STRICT;

CREATE TABLE area_path (            -- DERIVED: the polygon simplified for drawing, as SVG path data
    area_id INTEGER NOT NULL REFERENCES area(id), -- whose outline
    scale   INTEGER NOT NULL,       -- 0 country (250 m grid), 1 gemeente (25 m), 2 detail (2 m)
    path    TEXT NOT NULL,          -- 'M… l… z', units of the grid, x = X / grid, y = (1000000 − Y) / grid
    PRIMARY KEY (area_id, scale)
) STRICT, WITHOUT ROWID;

CREATE TABLE neighbour (            -- DERIVED: areas of one level and vintage whose borders touch within the tolerance
    area_id  INTEGER NOT NULL REFERENCES area(id), -- the one
    other_id INTEGER NOT NULL REFERENCES area(id), -- the other; both directions are stored
    PRIMARY KEY (area_id, other_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE area_link (            -- DERIVED: where a value of another vintage or division may come from
    to_id   INTEGER NOT NULL REFERENCES area(id), -- the area that lacks a value
    from_id INTEGER NOT NULL REFERENCES area(id), -- the area that has one
    kind    INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2), -- 0 same (code and name equal, or borders equal) 1 code only (name not given: unchecked) 2 overlay
    share_to   REAL NOT NULL,       -- part of the people of `to` who live in `from`, 0..1
    share_from REAL NOT NULL,       -- part of the people of `from` who live in `to`, 0..1
    PRIMARY KEY (to_id, from_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE overlay (              -- DERIVED: what a conversion rests on, one row per pair of map layers
    to_level INTEGER NOT NULL, to_vintage INTEGER NOT NULL, -- the layer converted to
    from_level INTEGER NOT NULL, from_vintage INTEGER NOT NULL, -- the layer converted from
    weights  TEXT NOT NULL,         -- the population layer used, e.g. 'buurt 2024, inwoners'
    people   REAL NOT NULL,         -- people in the weights layer that both layers cover
    PRIMARY KEY (to_level, to_vintage, from_level, from_vintage)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversion_error (     -- DERIVED: measured error of the overlay on values published on both sides
    indicator_id INTEGER NOT NULL REFERENCES indicator(id), -- what was compared
    size_class INTEGER NOT NULL,    -- lower bound of people in the target: 0, 500, 1000, 2500, 5000, 10000
    pairs      INTEGER NOT NULL,    -- targets compared
    bias       REAL NOT NULL,       -- mean of converted − published, registry units (relative for counts)
    mae        REAL NOT NULL,       -- mean absolute error
    p90        REAL NOT NULL,       -- 90th percentile of the absolute error: the widening used
    naive_mae  REAL NOT NULL,       -- the dumbest method beside it: value of the source area with most of the target
    PRIMARY KEY (indicator_id, size_class)
) STRICT, WITHOUT ROWID;

CREATE TABLE indicator (            -- data/indicators.csv, kept equal at every open for writing; own indicators are added
    id        INTEGER PRIMARY KEY,  -- stable within a file; facts refer to it
    code      TEXT NOT NULL UNIQUE, -- stable name: 'woz_value'
    theme     TEXT NOT NULL, -- heading on the page: 'homes'
    nl        TEXT NOT NULL, en TEXT NOT NULL, -- short label in both languages
    unit      TEXT NOT NULL, -- 'percent', 'euro_1000', …
    decimals  INTEGER NOT NULL, -- digits shown
    direction TEXT NOT NULL CHECK (direction IN ('up','down','none')), -- which way is better, where nobody would disagree
    kind      TEXT NOT NULL, -- count, share, mean, rate, score, class or category
    base      TEXT NOT NULL DEFAULT '', -- indicator of the population it is averaged over
    joining   TEXT NOT NULL CHECK (joining IN ('sum','mean','none')), -- how areas are put together
    origin    INTEGER NOT NULL,     -- 1: about migration background; never in a model
    similar   REAL NOT NULL,        -- weight in "similar areas"
    key_order INTEGER NOT NULL,     -- place in the "at a glance" panel; 0 = not there
    disclosure TEXT NOT NULL, -- rule of data/disclosure.csv
    reliability TEXT NOT NULL, -- rule of data/reliability.csv
    own       INTEGER NOT NULL DEFAULT 0 -- 1: a coalition's own indicator; its exact counts are protected
) STRICT;

CREATE TABLE observation (          -- a fact: append-only, superseded by a later load of higher rank
    area_id      INTEGER NOT NULL REFERENCES area(id), -- where
    indicator_id INTEGER NOT NULL REFERENCES indicator(id), -- what
    period       INTEGER NOT NULL,  -- year (2024) or year and month (201104)
    load_id      INTEGER NOT NULL REFERENCES load(id), -- says who
    value        REAL,              -- registry unit; NULL when the publisher gives a mark instead
    half         REAL NOT NULL,     -- half the rounding step of the published cell: the least the value can be off; 0 = as exact as printed; -1 = error not published
    mark         INTEGER NOT NULL,  -- 0 value, 1 missing ('.'), 2 secret ('x', −99997), 3 not applicable
    PRIMARY KEY (area_id, indicator_id, period, load_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE flow (                 -- moves between areas per group, as published
    load_id INTEGER NOT NULL REFERENCES load(id), -- says who
    period  INTEGER NOT NULL, -- year
    grp     TEXT NOT NULL,          -- 'age_0_5', 'female', …
    from_id INTEGER NOT NULL REFERENCES area(id), -- left
    to_id   INTEGER NOT NULL REFERENCES area(id), -- came to
    value   REAL NOT NULL,          -- persons a year
    PRIMARY KEY (load_id, period, grp, from_id, to_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (               -- DERIVED: which indicator × period exists at which level and vintage, and its spread
    indicator_id INTEGER NOT NULL REFERENCES indicator(id), -- what
    level   INTEGER NOT NULL, -- as area.level
    vintage INTEGER NOT NULL, -- as area.vintage
    period  INTEGER NOT NULL, -- as observation.period
    areas   INTEGER NOT NULL,       -- areas with a value
    mean    REAL,                   -- weighted by base (people, households, homes); NULL when it cannot be weighted
    p10 REAL, p25 REAL, p50 REAL, p75 REAL, p90 REAL, -- over areas, unweighted
    PRIMARY KEY (indicator_id, level, vintage, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE layer_value (          -- DERIVED: the winning value of every area, by indicator: what a map reads
    indicator_id INTEGER NOT NULL, -- what
    period  INTEGER NOT NULL, -- as observation.period
    level   INTEGER NOT NULL, -- as area.level
    vintage INTEGER NOT NULL, -- as area.vintage
    area_id INTEGER NOT NULL, -- where
    value   REAL NOT NULL, -- registry unit
    load_id INTEGER NOT NULL, -- says who
    PRIMARY KEY (indicator_id, level, vintage, period, area_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE similar (              -- DERIVED: the most similar areas of the same level and vintage
    area_id  INTEGER NOT NULL REFERENCES area(id), -- the area on the page
    place    INTEGER NOT NULL,      -- 1 = most similar
    other_id INTEGER NOT NULL REFERENCES area(id), -- the area like it
    distance REAL NOT NULL,         -- weighted standardised distance; 0 = equal
    reason   TEXT NOT NULL,         -- codes of the indicators that are most alike, most telling first, separated by blanks
    PRIMARY KEY (area_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE own_member (           -- the areas that make an own area (level 7)
    area_id   INTEGER NOT NULL REFERENCES area(id), -- the own area (level 7)
    member_id INTEGER NOT NULL REFERENCES area(id), -- one of its parts
    PRIMARY KEY (area_id, member_id)
) STRICT, WITHOUT ROWID;
